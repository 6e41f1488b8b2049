using System.Threading;

namespace Sidecar.Event.Posts;

/// <summary>
/// Many producers, one consumer, no lock: an intrusive stack that the consumer takes whole and reverses, which makes it first in,
/// first out for each producer. Taking everything at once leaves no room for ABA. Thread: any pushes, the dispatcher takes.
/// </summary>
internal sealed class PostQueue
{
    private PostedWork? _top;

    public bool IsEmpty => Volatile.Read(ref _top) is null;

    public void Push(PostedWork work)
    {
        PostedWork? top = Volatile.Read(ref _top);
        while (true)
        {
            work.Next = top;
            PostedWork? seen = Interlocked.CompareExchange(ref _top, work, top);
            if (seen == top)
            {
                return;
            }

            top = seen;
        }
    }

    /// <summary>Everything pushed so far, oldest first, linked by <see cref="PostedWork.Next"/>.</summary>
    public PostedWork? TakeAll()
    {
        if (IsEmpty)
        {
            return null;
        }

        PostedWork? newest = Interlocked.Exchange(ref _top, null);
        PostedWork? oldest = null;
        while (newest is not null)
        {
            PostedWork? next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
