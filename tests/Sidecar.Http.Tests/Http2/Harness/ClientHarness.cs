using System.Collections.Generic;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Http2.Streams;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2.Harness;

/// <summary>A client codec over arrays, what its owner saw and what it wrote.</summary>
internal sealed class ClientHarness
{
    private readonly OutputText _text = new() { HeadKind = MessageKind.Request };

    public ClientHarness(Http2Settings? settings = null)
    {
        Pool = new Http2StreamPool(Transport.Memory);
        Codec = new Http2ClientCodec(Transport, Owner, settings ?? Http2Settings.Default, Pool, Stats);
    }

    public FakeCodecTransport Transport { get; } = new();

    public RecordingClientOwner Owner { get; } = new();

    public StatBlock Stats { get; } = TestStats.Create();

    public Http2StreamPool Pool { get; }

    public Http2ClientCodec Codec { get; }

    /// <summary>A harness whose connection is set up; what that wrote is gone.</summary>
    public static ClientHarness Started(Http2Settings? settings = null, params (SettingId Id, uint Value)[] peerSettings)
    {
        var harness = new ClientHarness(settings);
        Assert.Null(harness.Feed(new Http2Script().Settings(peerSettings).SettingsAck()));
        harness.Written();
        return harness;
    }

    public ErrorDetail? Feed(Http2Script script) => Transport.Feed(Codec, script.ToArray());

    /// <summary>The frames written since the last call.</summary>
    public List<string> Written() => _text.Describe(Transport.TakeOutput());

    /// <summary>Opens a stream and sends its head.</summary>
    public RecordingReceiver Request(string method = "GET", bool endStream = true, params string[] more)
    {
        RecordingReceiver stream = NewStream();
        stream.Sender!.EncodeHeaders(HpackText.Map([$":method: {method}", ":scheme: http", ":path: /", ":authority: test", .. more]),
            endStream);
        return stream;
    }

    public RecordingReceiver NewStream()
    {
        var stream = new RecordingReceiver();
        stream.Sender = Codec.NewStream(stream);
        return stream;
    }
}
