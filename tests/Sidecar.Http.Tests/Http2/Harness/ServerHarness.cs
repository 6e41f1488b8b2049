using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Streams;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2.Harness;

/// <summary>A server codec over arrays, what its owner saw and what it wrote.</summary>
internal sealed class ServerHarness
{
    private readonly OutputText _text = new();

    public ServerHarness(Http2Settings? settings = null)
    {
        Pool = new Http2StreamPool(Transport.Memory);
        Codec = new Http2ServerCodec(Transport, Owner, settings ?? Http2Settings.Default, Pool, Stats);
    }

    public FakeCodecTransport Transport { get; } = new();

    public RecordingServerOwner Owner { get; } = new();

    public StatBlock Stats { get; } = TestStats.Create();

    public Http2StreamPool Pool { get; }

    public Http2ServerCodec Codec { get; }

    /// <summary>A harness whose connection is set up; what that wrote is gone.</summary>
    public static ServerHarness Started(Http2Settings? settings = null, params (SettingId Id, uint Value)[] peerSettings)
    {
        var harness = new ServerHarness(settings);
        Assert.Null(harness.Feed(new Http2Script().Preface().Settings(peerSettings).SettingsAck()));
        harness.Written();
        return harness;
    }

    public ErrorDetail? Feed(Http2Script script)
    {
        byte[] bytes = script.ToArray();
        ErrorDetail? error = null;
        for (int start = 0; start < bytes.Length && error is null; start += 32_768)
        {
            error = Transport.Feed(Codec, bytes.AsSpan(start, Math.Min(32_768, bytes.Length - start)));
        }

        return error;
    }

    /// <summary>The frames written since the last call.</summary>
    public List<string> Written() => _text.Describe(Transport.TakeOutput());

    /// <summary>Answers a stream with a status and a body.</summary>
    public void Respond(RecordingReceiver stream, string body = "", params string[] more)
    {
        HeaderMap headers = HpackText.Map([":status: 200", .. more]);
        stream.Sender!.EncodeHeaders(headers, endStream: body.Length == 0);
        if (body.Length > 0)
        {
            Transport.EncodeData(stream.Sender, Encoding.Latin1.GetBytes(body), endStream: true);
        }
    }
}
