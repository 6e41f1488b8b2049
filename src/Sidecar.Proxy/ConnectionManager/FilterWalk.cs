using System.Runtime.CompilerServices;
using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Filters;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// One message's way through the filters of a stream: the request up (<see cref="DecodeWalk"/>) or the response down
/// (<see cref="EncodeWalk"/>). Holds what a filter has stopped and lets it go in order: head, body, trailers. Without filters that
/// look at it, a message passes straight to the sink. Owned by the stream; thread: the worker.
/// </summary>
internal abstract class FilterWalk
{
    private const int Nobody = -1;

    private readonly HttpFilter[] _filters;
    private readonly bool _bodyObserved;
    private readonly BufferChain _scratch;
    private readonly BufferChain _held;
    private HeaderMap? _headers;
    private HeaderMap? _trailers;
    private int _stoppedAt = Nobody;
    private StopKind _stopKind;
    private int _headersSeenBy;
    private bool _headersReachedSink;
    private bool _endSeen;
    private bool _aboveLimit;

    /// <param name="filters">In the order of this walk, without the terminal filter.</param>
    /// <param name="slabs">The worker's.</param>
    protected FilterWalk(HttpFilter[] filters, SlabPool slabs)
    {
        _filters = filters;
        _scratch = new BufferChain(slabs);
        _held = new BufferChain(slabs);
        foreach (HttpFilter filter in filters)
        {
            _bodyObserved |= filter.ObservesBody;
        }
    }

    private enum StopKind : byte
    {
        None = 0,

        /// <summary>The head is held; the filter still sees body and trailers.</summary>
        Headers,

        /// <summary>Everything is held, over the limit the message fails.</summary>
        AllAndBuffer,

        /// <summary>Everything is held, over the limit the source is paused.</summary>
        AllAndWatermark,

        /// <summary>The filter gathers the body; over the limit the message fails.</summary>
        DataAndBuffer,

        /// <summary>The filter gathers the body; over the limit the source is paused.</summary>
        DataAndWatermark,

        /// <summary>The end of the message is held.</summary>
        Trailers,
    }

    /// <summary>True while a filter holds some part of the message.</summary>
    public bool IsStopped => _stoppedAt != Nobody;

    /// <summary>The body that a filter has gathered so far.</summary>
    public BufferChain Held => _held;

    /// <summary>Bytes that may be held; 0 means no limit.</summary>
    public int BufferLimit { get; set; }

    /// <summary>The stream was answered or reset from within a filter: nothing more of this message is passed on.</summary>
    protected abstract bool IsAborted { get; }

    public void Headers(HeaderMap headers, bool endStream)
    {
        _headers = headers;
        _endSeen |= endStream;
        if (_filters.Length == 0)
        {
            _headersReachedSink = true;
            SinkHeaders(headers, endStream);
            return;
        }

        PassHeaders();
    }

    public void Data(in Slice data, bool endStream)
    {
        _endSeen |= endStream;
        if (!_bodyObserved && _stoppedAt == Nobody)
        {
            SinkData(in data, endStream);
            return;
        }

        if (!data.IsEmpty)
        {
            _scratch.Append(in data);
        }

        PassData(_scratch, 0);
    }

    /// <summary>Body bytes that are gathered already; moved out of the chain.</summary>
    public void Body(BufferChain data, bool endStream)
    {
        _endSeen |= endStream;
        PassData(data, 0);
    }

    public void Trailers(HeaderMap trailers)
    {
        _trailers = trailers;
        _endSeen = true;
        if (_filters.Length == 0)
        {
            SinkTrailers(trailers);
            return;
        }

        PassTrailers(0);
    }

    /// <summary>A filter that stopped lets go; ignored from any other.</summary>
    public void Continue(HttpFilter filter)
    {
        int position = PositionOf(filter);
        if (_stoppedAt != position || position < 0)
        {
            return;
        }

        Release();
        int next = position + 1;
        PassHeaders();
        if (IsAborted)
        {
            return;
        }

        if (!_held.IsEmpty)
        {
            if (_stoppedAt == Nobody || _stoppedAt >= next)
            {
                _scratch.Move(_held);
                PassData(_scratch, next);
            }
        }
        else if (_endSeen && _trailers is null && _stoppedAt == Nobody && !EndReachedSink)
        {
            PassData(_scratch, next);
        }

        if (_trailers is not null && _stoppedAt == Nobody && !IsAborted)
        {
            PassTrailers(next);
        }
    }

    /// <summary>Ready for the next message.</summary>
    public void Reset()
    {
        _scratch.Clear();
        _held.Clear();
        _headers = null;
        _trailers = null;
        _stoppedAt = Nobody;
        _stopKind = StopKind.None;
        _headersSeenBy = 0;
        _headersReachedSink = false;
        _endSeen = false;
        _aboveLimit = false;
        EndReachedSink = false;
    }

    /// <summary>The sink was given the end of the message.</summary>
    protected bool EndReachedSink { get; set; }

    protected abstract FilterHeadersStatus CallHeaders(HttpFilter filter, HeaderMap headers, bool endStream);

    protected abstract FilterDataStatus CallData(HttpFilter filter, BufferChain data, bool endStream);

    protected abstract FilterTrailersStatus CallTrailers(HttpFilter filter, HeaderMap trailers);

    protected abstract void SinkHeaders(HeaderMap headers, bool endStream);

    protected abstract void SinkData(in Slice data, bool endStream);

    protected abstract void SinkBody(BufferChain data, bool endStream);

    protected abstract void SinkTrailers(HeaderMap trailers);

    /// <summary>What is held has outgrown the limit and the filter asked for buffering: answer 413, or turn the response into a 500.</summary>
    protected abstract void OnOverflow();

    /// <summary>What is held has crossed the limit of a filter that asked for back-pressure.</summary>
    protected abstract void PauseSource(bool pause);

    /// <summary>Whether the head alone is the whole message as far as the next filter can know.</summary>
    private bool HeadEndsMessage => _endSeen && _trailers is null && _held.IsEmpty && _scratch.IsEmpty;

    private int PositionOf(HttpFilter filter)
    {
        for (int i = 0; i < _filters.Length; i++)
        {
            if (ReferenceEquals(_filters[i], filter))
            {
                return i;
            }
        }

        return Nobody;
    }

    private void PassHeaders()
    {
        while (!_headersReachedSink && _stoppedAt == Nobody && !IsAborted)
        {
            if (_headersSeenBy == _filters.Length)
            {
                _headersReachedSink = true;
                SinkHeaders(_headers!, HeadEndsMessage);
                return;
            }

            int position = _headersSeenBy++;
            switch (CallHeaders(_filters[position], _headers!, HeadEndsMessage))
            {
                case FilterHeadersStatus.StopIteration:
                    StopAt(position, StopKind.Headers);
                    break;
                case FilterHeadersStatus.StopAllIterationAndBuffer:
                    StopAt(position, StopKind.AllAndBuffer);
                    break;
                case FilterHeadersStatus.StopAllIterationAndWatermark:
                    StopAt(position, StopKind.AllAndWatermark);
                    break;
                default:
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PassData(BufferChain data, int from)
    {
        for (int position = from; position < _filters.Length && !IsAborted; position++)
        {
            bool stoppedHere = position == _stoppedAt;
            if (stoppedHere && _stopKind is StopKind.AllAndBuffer or StopKind.AllAndWatermark)
            {
                Hold(data);
                return;
            }

            HttpFilter filter = _filters[position];
            if (!filter.ObservesBody)
            {
                if (stoppedHere)
                {
                    Hold(data);
                    return;
                }

                continue;
            }

            BufferChain offered = data;
            if (stoppedHere && !_held.IsEmpty)
            {
                _held.Move(data);
                offered = _held;
            }

            FilterDataStatus status = CallData(filter, offered, _endSeen && _trailers is null);
            if (IsAborted)
            {
                return;
            }

            if (!ApplyDataStatus(status, position, stoppedHere, data, offered))
            {
                return;
            }
        }

        if (!IsAborted)
        {
            bool end = _endSeen && _trailers is null;
            SinkBody(data, end);
        }
    }

    /// <summary>False when the data goes no further.</summary>
    private bool ApplyDataStatus(FilterDataStatus status, int position, bool stoppedHere, BufferChain data, BufferChain offered)
    {
        switch (status)
        {
            case FilterDataStatus.StopIterationAndBuffer:
            case FilterDataStatus.StopIterationAndWatermark:
                if (!stoppedHere || _stopKind == StopKind.Headers)
                {
                    StopAt(position, status == FilterDataStatus.StopIterationAndBuffer ? StopKind.DataAndBuffer : StopKind.DataAndWatermark);
                }

                Hold(data);
                return false;
            case FilterDataStatus.StopIterationNoBuffer:
                offered.Clear();
                if (_stoppedAt == Nobody)
                {
                    StopAt(position, StopKind.DataAndBuffer);
                }

                return false;
            default:
                if (stoppedHere)
                {
                    Release();
                }

                if (!ReferenceEquals(offered, data))
                {
                    data.Move(offered);
                }

                PassHeaders();
                return _stoppedAt == Nobody || _stoppedAt > position;
        }
    }

    private void PassTrailers(int from)
    {
        for (int position = from; position < _filters.Length && !IsAborted; position++)
        {
            bool stoppedHere = position == _stoppedAt;
            if (stoppedHere && _stopKind is StopKind.AllAndBuffer or StopKind.AllAndWatermark)
            {
                return;
            }

            FilterTrailersStatus status = CallTrailers(_filters[position], _trailers!);
            if (status == FilterTrailersStatus.StopIteration)
            {
                if (_stoppedAt == Nobody)
                {
                    StopAt(position, StopKind.Trailers);
                }

                return;
            }

            if (stoppedHere)
            {
                // Continue from within trailers: what this filter held goes first.
                Release();
                PassHeaders();
                if (!_held.IsEmpty)
                {
                    _scratch.Move(_held);
                    PassData(_scratch, position + 1);
                }

                if (_stoppedAt != Nobody)
                {
                    return;
                }
            }
        }

        if (!IsAborted)
        {
            SinkTrailers(_trailers!);
        }
    }

    private void StopAt(int position, StopKind kind)
    {
        _stoppedAt = position;
        _stopKind = kind;
    }

    private void Release()
    {
        _stoppedAt = Nobody;
        _stopKind = StopKind.None;
        if (_aboveLimit)
        {
            _aboveLimit = false;
            PauseSource(false);
        }
    }

    private void Hold(BufferChain data)
    {
        _held.Move(data);
        if (BufferLimit == 0 || _held.Length <= BufferLimit)
        {
            return;
        }

        if (_stopKind is StopKind.AllAndWatermark or StopKind.DataAndWatermark or StopKind.Headers)
        {
            if (!_aboveLimit)
            {
                _aboveLimit = true;
                PauseSource(true);
            }

            return;
        }

        _held.Clear();
        OnOverflow();
    }
}
