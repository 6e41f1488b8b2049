using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Event.Io;

namespace Sidecar.Event.Tests.Harness;

/// <summary>Writes down what a socket reports; the test decides what to do about it.</summary>
internal sealed class RecordingStream : StreamHandler
{
    public List<byte> Received { get; } = [];

    public string Text => Encoding.ASCII.GetString(Received.ToArray());

    /// <summary>Calls in order: connected, data, end, closed, shutdown-while-paused.</summary>
    public List<string> Events { get; } = [];

    public int ClosedErrno { get; private set; }

    public long Sent { get; private set; }

    public bool IsConnected => Events.Contains("connected");

    public bool IsEnded => Events.Contains("end");

    public bool IsClosed => Events.Contains("closed");

    public Action? WhenConnected { get; set; }

    public Action<Slice>? WhenData { get; set; }

    public Action? WhenEnd { get; set; }

    public Action? WhenClosed { get; set; }

    public override void OnConnected()
    {
        Events.Add("connected");
        WhenConnected?.Invoke();
    }

    public override void OnData(in Slice data)
    {
        Events.Add("data");
        Received.AddRange(data.Span);
        WhenData?.Invoke(data);
    }

    public override void OnEndOfStream()
    {
        Events.Add("end");
        WhenEnd?.Invoke();
    }

    public override void OnClosed(int errno)
    {
        Events.Add("closed");
        ClosedErrno = errno;
        WhenClosed?.Invoke();
    }

    public override void OnSent(long bytes) => Sent += bytes;

    public override void OnPeerShutdownWhilePaused() => Events.Add("shutdown-while-paused");
}
