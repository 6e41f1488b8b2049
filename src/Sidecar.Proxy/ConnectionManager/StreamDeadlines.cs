using System;
using Sidecar.Event.Timers;
using Sidecar.Proxy.Errors;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>A stream's timeouts: idle (moves with every event), head, whole request, longest duration. Thread: the worker.</summary>
internal sealed class StreamDeadlines(HttpStream stream, ConnectionManagerWorkerState state) : DeadlineTimer(state.Worker.Dispatcher)
{
    private long _startMs;
    private long _idleSinceMs;
    private long _idleTimeoutMs;
    private long _requestMs = Never;
    private long _headersMs = Never;
    private long _durationMs = Never;
    private bool _active;

    protected override long EarliestMs => _active
        ? Math.Min(Math.Min(_requestMs, _headersMs), Math.Min(_durationMs, After(_idleSinceMs, _idleTimeoutMs)))
        : Never;

    /// <summary>The stream begins; its head may still be on its way.</summary>
    public void Begin()
    {
        ConnectionManagerModel model = stream.Model;
        long now = Dispatcher.NowMs;
        _active = true;
        _startMs = now;
        _idleSinceMs = now;
        _idleTimeoutMs = model.StreamIdleTimeoutMs;
        _requestMs = After(now, model.RequestTimeoutMs);
        _headersMs = After(now, model.RequestHeadersTimeoutMs);
        _durationMs = After(now, model.MaxStreamDurationMs);
        Arm();
    }

    public void OnActivity() => _idleSinceMs = Dispatcher.NowMs;

    public void OnRequestHead(bool endStream)
    {
        _headersMs = Never;
        if (endStream)
        {
            _requestMs = Never;
        }
    }

    public void OnRequestEnd() => _requestMs = Never;

    /// <summary>The route sets another idle timeout; 0 means none.</summary>
    public void SetIdleTimeout(long timeoutMs)
    {
        _idleTimeoutMs = timeoutMs;
        Arm();
    }

    /// <summary>The route sets another longest duration, from the stream's begin; 0 means none.</summary>
    public void SetMaxDuration(long timeoutMs)
    {
        _durationMs = After(_startMs, timeoutMs);
        Arm();
    }

    public void End() => _active = false;

    protected override void OnDeadline(long nowMs)
    {
        if (nowMs >= _headersMs)
        {
            stream.OnTimeout(ProxyErrors.RequestHeaderTimeout, HttpStat.DownstreamRqHeaderTimeout);
        }
        else if (nowMs >= _requestMs)
        {
            stream.OnTimeout(ProxyErrors.RequestOverallTimeout, HttpStat.DownstreamRqTimeout);
        }
        else if (nowMs >= _durationMs)
        {
            stream.OnTimeout(ProxyErrors.MaxDurationTimeout, HttpStat.DownstreamRqMaxDurationReached);
        }
        else
        {
            stream.OnTimeout(ProxyErrors.StreamIdleTimeout, HttpStat.DownstreamRqIdleTimeout);
        }
    }
}
