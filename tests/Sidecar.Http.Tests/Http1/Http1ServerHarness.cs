using System.Text;
using Sidecar.Core;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http1;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http1;

/// <summary>A server codec on arrays.</summary>
internal sealed class Http1ServerHarness
{
    public Http1ServerHarness(Http1Settings? settings = null, WorkerMemory? memory = null)
    {
        Transport = new FakeCodecTransport(memory ?? new WorkerMemory());
        Codec = new Http1ServerCodec(Transport, Owner, settings ?? Http1Settings.Default);
    }

    public FakeCodecTransport Transport { get; }

    public RecordingServerOwner Owner { get; } = new();

    public Http1ServerCodec Codec { get; }

    public RecordingReceiver Last => Owner.Last;

    public string LastHead => RecordingReceiver.Text(Owner.Last.Headers);

    public ErrorDetail? Feed(string text) => Transport.Feed(Codec, text);

    /// <summary>What every stream received, for comparing two ways of cutting the same input.</summary>
    public string Transcript()
    {
        var text = new StringBuilder();
        foreach (RecordingReceiver stream in Owner.Streams)
        {
            text.Append(stream.Transcript()).Append("\n--\n");
        }

        return text.ToString();
    }

    /// <summary>Answers every request as soon as it is complete.</summary>
    public Http1ServerHarness AnswerAtOnce()
    {
        Owner.WhenNewStream = stream => stream.WhenComplete = done => Answer(done.Sender!);
        return this;
    }

    /// <summary>A response head.</summary>
    public static HeaderMap Response(string status, params string[] fields)
    {
        var map = new HeaderMap();
        map.Add(HeaderId.Status, Encoding.Latin1.GetBytes(status));
        AddFields(map, fields);
        return map;
    }

    /// <summary>Adds "name: value" lines.</summary>
    public static void AddFields(HeaderMap map, string[] fields)
    {
        foreach (string field in fields)
        {
            int colon = field.IndexOf(": ", 1, System.StringComparison.Ordinal);
            map.Add(Encoding.Latin1.GetBytes(field[..colon]), Encoding.Latin1.GetBytes(field[(colon + 2)..]));
        }
    }

    public static void Answer(StreamSender sender) => sender.EncodeHeaders(Response("200", "content-length: 0"), endStream: true);
}
