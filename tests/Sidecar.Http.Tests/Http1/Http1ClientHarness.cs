using System.Text;
using Sidecar.Core;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http1;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http1;

/// <summary>A client codec on arrays.</summary>
internal sealed class Http1ClientHarness
{
    public Http1ClientHarness(Http1Settings? settings = null, WorkerMemory? memory = null)
    {
        Transport = new FakeCodecTransport(memory ?? new WorkerMemory());
        Codec = new Http1ClientCodec(Transport, Owner, settings ?? Http1Settings.Default);
    }

    public FakeCodecTransport Transport { get; }

    public RecordingClientOwner Owner { get; } = new();

    public Http1ClientCodec Codec { get; }

    public RecordingReceiver Receiver { get; private set; } = new();

    public StreamSender Sender => Receiver.Sender!;

    public ErrorDetail? Feed(string text) => Transport.Feed(Codec, text);

    /// <summary>Opens a stream and sends the head.</summary>
    public Http1ClientHarness Send(string method = "GET", bool endStream = true, params string[] fields)
    {
        Receiver = new RecordingReceiver();
        Receiver.Sender = Codec.NewStream(Receiver);
        Receiver.Sender.EncodeHeaders(Request(method, fields), endStream);
        return this;
    }

    public static HeaderMap Request(string method, params string[] fields)
    {
        var map = new HeaderMap();
        map.Add(HeaderId.Method, Encoding.Latin1.GetBytes(method));
        if (method != "CONNECT")
        {
            map.Add(HeaderId.Path, "/"u8);
            map.Add(HeaderId.Scheme, "http"u8);
        }

        map.Add(HeaderId.Authority, "a:80"u8);
        Http1ServerHarness.AddFields(map, fields);
        return map;
    }
}
