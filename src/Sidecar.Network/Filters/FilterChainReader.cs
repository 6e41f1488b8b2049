using Sidecar.Core.Buffers;
using Sidecar.Network.Connections;

namespace Sidecar.Network.Filters;

/// <summary>
/// Runs a downstream connection's bytes through its network filters. With one filter, the usual case, it is a direct call.
/// Owned by the connection; thread: the worker.
/// </summary>
public sealed class FilterChainReader : ReadPath
{
    private const int NotStopped = -1;

    private readonly NetworkFilter[] _filters;
    private BufferChain? _held;
    private int _stoppedAt = NotStopped;
    private int _begun;
    private bool _heldEnd;
    private bool _readDisabled;

    public FilterChainReader(NetworkFilter[] filters) => _filters = filters;

    public override void Begin(Connection connection)
    {
        foreach (NetworkFilter filter in _filters)
        {
            filter.Attach(connection);
        }

        BeginFrom(connection, 0);
    }

    public override void OnData(Connection connection, in Slice data)
    {
        if (_filters.Length == 1 && _stoppedAt == NotStopped)
        {
            _filters[0].OnData(in data, endStream: false);
            return;
        }

        Deliver(connection, in data, endStream: false, from: 0);
    }

    public override void OnEnd(Connection connection) => Deliver(connection, default, endStream: true, from: 0);

    public override void Continue(Connection connection)
    {
        if (_stoppedAt == NotStopped)
        {
            return;
        }

        int next = _stoppedAt + 1;
        _stoppedAt = NotStopped;
        if (!BeginFrom(connection, next))
        {
            return;
        }

        for (int i = next; i < _filters.Length && connection.State == ConnectionState.Open; i++)
        {
            if (OfferHeld(connection, _filters[i]) == NetworkFilterStatus.StopIteration && i < _filters.Length - 1)
            {
                _stoppedAt = i;
                return;
            }
        }

        _heldEnd = false;
        _held?.Clear();
        if (_readDisabled && connection.State == ConnectionState.Open)
        {
            _readDisabled = false;
            connection.ReadDisable(false);
        }
    }

    public override void OnDrain()
    {
        foreach (NetworkFilter filter in _filters)
        {
            filter.OnDrain();
        }
    }

    public override void OnClosed() => _held?.Clear();

    /// <summary>Announces the connection to the filters from an index on; false when one stopped or closed it.</summary>
    private bool BeginFrom(Connection connection, int index)
    {
        for (int i = index; i < _filters.Length && connection.State == ConnectionState.Open; i++)
        {
            if (i < _begun)
            {
                continue;
            }

            _begun = i + 1;
            if (_filters[i].OnNewConnection() == NetworkFilterStatus.StopIteration)
            {
                _stoppedAt = i;
                return false;
            }
        }

        return connection.State == ConnectionState.Open;
    }

    /// <summary>Shows a filter everything that was held; it stays held for the filters behind.</summary>
    private NetworkFilterStatus OfferHeld(Connection connection, NetworkFilter filter)
    {
        var status = NetworkFilterStatus.Continue;
        int slices = _held?.SliceCount ?? 0;
        for (int i = 0; i < slices && connection.State == ConnectionState.Open; i++)
        {
            Slice slice = _held!.SliceAt(i);
            status = filter.OnData(in slice, endStream: _heldEnd && i == slices - 1);
        }

        return slices == 0 && _heldEnd ? filter.OnData(default, endStream: true) : status;
    }

    private void Deliver(Connection connection, in Slice data, bool endStream, int from)
    {
        if (_stoppedAt != NotStopped)
        {
            Hold(connection, in data, endStream);
            return;
        }

        for (int i = from; i < _filters.Length; i++)
        {
            NetworkFilterStatus status = _filters[i].OnData(in data, endStream);
            if (connection.State != ConnectionState.Open)
            {
                return;
            }

            if (status == NetworkFilterStatus.StopIteration && i < _filters.Length - 1)
            {
                _stoppedAt = i;
                Hold(connection, in data, endStream);
                return;
            }
        }
    }

    private void Hold(Connection connection, in Slice data, bool endStream)
    {
        _held ??= new BufferChain(connection.Dispatcher.Memory.Slabs);
        if (!data.IsEmpty)
        {
            _held.Append(in data);
        }

        _heldEnd |= endStream;
        if (!_readDisabled && connection.BufferLimit > 0 && _held.Length > connection.BufferLimit)
        {
            _readDisabled = true;
            connection.ReadDisable(true);
        }
    }
}
