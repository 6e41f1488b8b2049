using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Errors;

namespace Sidecar.Http.Http2.FlowControl;

/// <summary>
/// Envoy's protocol constraints: bounds on frames that cost us more than they cost the peer. Outbound frames count while their bytes
/// wait for the socket; since the codec sees only how many bytes wait, a frame is forgotten when everything written up to a mark
/// behind it is gone, which over-counts by at most what was written between two marks. Thread: the worker.
/// </summary>
internal struct FloodGuard
{
    private readonly Http2Settings _settings;
    private readonly StatBlock _stats;
    private ErrorDetail? _error;
    private long _inboundStreams;
    private long _priorityFrames;
    private long _windowUpdateFrames;
    private long _dataFramesSent;
    private uint _consecutiveEmptyFrames;
    private long _writtenBytes;
    private long _markBytes;
    private uint _frames;
    private uint _controlFrames;
    private uint _framesAtMark;
    private uint _controlFramesAtMark;
    private uint _reportedFrames;
    private uint _reportedControlFrames;

    public FloodGuard(Http2Settings settings, StatBlock stats)
    {
        _settings = settings;
        _stats = stats;
    }

    /// <summary>A limit is exceeded: the connection must end.</summary>
    public readonly ErrorDetail? Error => _error;

    /// <summary>A piece of a message arrives; <paramref name="hasPayload"/>: bytes, or the end of the stream.</summary>
    public ErrorDetail? OnMessageFrame(bool hasPayload)
    {
        _consecutiveEmptyFrames = hasPayload ? 0 : _consecutiveEmptyFrames + 1;
        return _consecutiveEmptyFrames > _settings.MaxConsecutiveEmptyFrames
            ? Fail(Http2Stat.InboundEmptyFramesFlood, Http2Errors.EmptyFramesFlood)
            : null;
    }

    /// <summary>A header block is complete.</summary>
    public void OnHeaderBlock() => _inboundStreams++;

    public ErrorDetail? OnPriority() => ++_priorityFrames > _settings.MaxPriorityFramesPerStream * (1 + _inboundStreams)
        ? Fail(Http2Stat.InboundPriorityFramesFlood, Http2Errors.PriorityFlood)
        : null;

    public ErrorDetail? OnWindowUpdate()
    {
        long allowed = 5 + (2 * (_inboundStreams + (_settings.MaxWindowUpdateFramesPerDataFrame * _dataFramesSent)));
        return ++_windowUpdateFrames > allowed ? Fail(Http2Stat.InboundWindowUpdateFramesFlood, Http2Errors.WindowUpdateFlood) : null;
    }

    public void OnDataFrameSent()
    {
        _frames++;
        _dataFramesSent++;
    }

    public void OnFrameSent() => _frames++;

    /// <summary>PING, SETTINGS or RST_STREAM was written: frames that a peer can provoke.</summary>
    public void OnControlFrameSent()
    {
        _frames++;
        _controlFrames++;
        if (_controlFrames > _settings.MaxOutboundControlFrames)
        {
            Fail(Http2Stat.OutboundControlFlood, Http2Errors.OutboundControlFlood);
        }
    }

    /// <summary>
    /// Bytes were added to the output, of which <paramref name="waitingBytes"/> now wait in all. To be called before and after a batch
    /// of frames is written.
    /// </summary>
    public void OnOutput(long addedBytes, long waitingBytes)
    {
        _writtenBytes += addedBytes;
        if (waitingBytes == 0)
        {
            _frames = 0;
            _controlFrames = 0;
            _framesAtMark = 0;
            _controlFramesAtMark = 0;
            _markBytes = _writtenBytes;
        }
        else if (_writtenBytes - waitingBytes >= _markBytes)
        {
            _frames -= _framesAtMark;
            _controlFrames -= _controlFramesAtMark;
            _framesAtMark = _frames;
            _controlFramesAtMark = _controlFrames;
            _markBytes = _writtenBytes;
        }

        if (_frames > _settings.MaxOutboundFrames)
        {
            Fail(Http2Stat.OutboundFlood, Http2Errors.OutboundFlood);
        }

        Report();
    }

    /// <summary>The connection is gone, and the frames that waited with it.</summary>
    public void OnClosed()
    {
        _frames = 0;
        _controlFrames = 0;
        Report();
    }

    private void Report()
    {
        if (_frames != _reportedFrames)
        {
            _stats.Add(Http2Stat.OutboundFramesActive, (long)_frames - _reportedFrames);
            _reportedFrames = _frames;
        }

        if (_controlFrames != _reportedControlFrames)
        {
            _stats.Add(Http2Stat.OutboundControlFramesActive, (long)_controlFrames - _reportedControlFrames);
            _reportedControlFrames = _controlFrames;
        }
    }

    private ErrorDetail Fail(int stat, ErrorDetail error)
    {
        if (_error is null)
        {
            _stats.Increment(stat);
            _error = error;
        }

        return error;
    }
}
