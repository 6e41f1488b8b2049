using System;
using System.Collections.Generic;
using Sidecar.Http.Codec;

namespace Sidecar.Testing.Codec;

/// <summary>A connection manager that writes down its streams; <see cref="WhenNewStream"/> arms each receiver.</summary>
public sealed class RecordingServerOwner : ServerCodecOwner
{
    public List<RecordingReceiver> Streams { get; } = [];

    /// <summary>The newest stream.</summary>
    public RecordingReceiver Last => Streams[^1];

    public int ClosedStreams { get; private set; }

    public int GoAways { get; private set; }

    /// <summary>The codec asked for <see cref="ServerCodec.Resume"/>; the test calls it and clears this.</summary>
    public bool ResumeWanted { get; set; }

    public Action<RecordingReceiver>? WhenNewStream { get; set; }

    public override StreamReceiver OnNewStream(StreamSender responseSender)
    {
        var receiver = new RecordingReceiver { Sender = responseSender };
        Streams.Add(receiver);
        WhenNewStream?.Invoke(receiver);
        return receiver;
    }

    public override void OnGoAway() => GoAways++;

    public override void OnStreamClosed() => ClosedStreams++;

    public override void OnInputHeld() => ResumeWanted = true;
}

/// <summary>A pooled connection that writes down what its codec says.</summary>
public sealed class RecordingClientOwner : ClientCodecOwner
{
    public int ClosedStreams { get; private set; }

    /// <summary>What the last closed stream said; true before any.</summary>
    public bool Reusable { get; private set; } = true;

    public int GoAways { get; private set; }

    public int MaxConcurrentStreamsChanges { get; private set; }

    public override void OnStreamClosed(bool connectionReusable)
    {
        ClosedStreams++;
        Reusable = connectionReusable;
    }

    public override void OnGoAway() => GoAways++;

    public override void OnMaxConcurrentStreamsChanged() => MaxConcurrentStreamsChanges++;
}
