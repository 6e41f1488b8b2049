namespace Sidecar.Event;

/// <summary>The objects that end with this iteration, first in, first out; linked through themselves. Thread: its dispatcher's.</summary>
internal sealed class DeferredDeleteQueue
{
    private DeferredDeletable? _first;
    private DeferredDeletable? _last;

    public bool IsEmpty => _first is null;

    /// <summary>Adds an object; no effect when it is queued already.</summary>
    public void Add(DeferredDeletable item)
    {
        if (item.IsDeletePending)
        {
            return;
        }

        item.IsDeletePending = true;
        if (_last is null)
        {
            _first = item;
        }
        else
        {
            _last.NextDeleted = item;
        }

        _last = item;
    }

    /// <summary>Deletes until the queue is empty, including what deletes add.</summary>
    public void Sweep()
    {
        while (_first is { } item)
        {
            _first = item.NextDeleted;
            if (_first is null)
            {
                _last = null;
            }

            item.NextDeleted = null;
            item.IsDeletePending = false;
            item.OnDeferredDelete();
        }
    }
}
