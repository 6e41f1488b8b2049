using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Upstream.Tests.AsyncClient;

/// <summary>A stream's codec side that writes down what it is told to encode.</summary>
internal sealed class FakeSender : StreamSender
{
    public List<string> Calls { get; } = [];

    public List<byte> Body { get; } = [];

    /// <summary>What the head said, name by name.</summary>
    public Dictionary<string, string> Head { get; } = [];

    public bool KeepsData { get; set; }

    public override uint StreamId => 1;

    public override long BufferedBytes => KeepsData ? Body.Count : 0;

    public override void EncodeHeaders(HeaderMap headers, bool endStream)
    {
        for (int i = headers.Next(-1); i >= 0; i = headers.Next(i))
        {
            Head[Encoding.ASCII.GetString(headers.NameAt(i))] = Encoding.UTF8.GetString(headers.ValueAt(i));
        }

        Calls.Add("headers" + End(endStream));
    }

    public override void EncodeInformationalHeaders(HeaderMap headers) => Calls.Add("1xx");

    public override void EncodeData(in Slice data, bool endStream)
    {
        Body.AddRange(data.Span);
        Calls.Add("data" + End(endStream));
    }

    public override void EncodeData(BufferChain data, bool endStream)
    {
        while (!data.IsEmpty)
        {
            Body.AddRange(data.FirstSpan);
            data.Drain(data.FirstSpan.Length);
        }

        Calls.Add("data" + End(endStream));
    }

    public override void EncodeTrailers(HeaderMap trailers) => Calls.Add("trailers");

    public override void Reset(StreamResetReason reason) => Calls.Add("reset");

    public override void ReadDisable(bool disable) => Calls.Add(disable ? "pause" : "resume");

    public override void SetWriteBufferLimit(int bytes)
    {
    }

    private static string End(bool endStream) => endStream ? " end" : string.Empty;
}
