using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Testing.Codec;

/// <summary>
/// Writes down what a codec tells one stream, and checks the contract's order while it does. Hooks let a test answer from inside an
/// event, as filters do.
/// </summary>
public sealed class RecordingReceiver : StreamReceiver
{
    private readonly MemoryStream _body = new();
    private bool _ended;
    private bool _sawHeaders;

    /// <summary>The other half, set by <see cref="RecordingServerOwner"/> or by the test.</summary>
    public StreamSender? Sender { get; set; }

    public HeaderMap Headers { get; } = new();

    public HeaderMap Trailers { get; } = new();

    /// <summary>Each informational response as <see cref="Text"/> prints it.</summary>
    public List<string> Informational { get; } = [];

    /// <summary>One short word an event: <c>headers</c>, <c>headers+end</c>, <c>data(5)</c>, <c>data(0)+end</c>, <c>trailers</c>, <c>reset(RemoteReset)</c>, <c>above</c>, <c>below</c>.</summary>
    public List<string> Events { get; } = [];

    public byte[] Body => _body.ToArray();

    public string BodyText => Encoding.Latin1.GetString(Body);

    public bool HeadersComplete => _sawHeaders;

    /// <summary>The message has ended (end of stream or trailers, not reset).</summary>
    public bool Complete { get; private set; }

    public StreamResetReason ResetReason { get; private set; }

    public ErrorDetail? ResetDetail { get; private set; }

    /// <summary>Runs inside OnHeaders; the flag is endStream.</summary>
    public Action<RecordingReceiver, bool>? WhenHeaders { get; set; }

    /// <summary>Runs when the message has ended, inside the event.</summary>
    public Action<RecordingReceiver>? WhenComplete { get; set; }

    /// <summary>Runs inside OnReset.</summary>
    public Action<RecordingReceiver>? WhenReset { get; set; }

    public override HeaderMap HeadersToFill => Headers;

    public override HeaderMap TrailersToFill => Trailers;

    /// <summary>A map as text: <c>name: value</c> lines in order.</summary>
    public static string Text(HeaderMap map)
    {
        var text = new StringBuilder();
        for (int i = map.Next(-1); i >= 0; i = map.Next(i))
        {
            text.Append(Encoding.Latin1.GetString(map.NameAt(i))).Append(": ").Append(Encoding.Latin1.GetString(map.ValueAt(i))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Everything that was received, for comparing two ways of cutting the same input.</summary>
    public string Transcript() => $"{string.Concat(Informational)}{Text(Headers)}\n{BodyText}\n{Text(Trailers)}{Complete} {ResetReason}";

    public override void OnHeaders(bool endStream)
    {
        Require(!_sawHeaders, "headers once");
        _sawHeaders = true;
        Record("headers", endStream);
        WhenHeaders?.Invoke(this, endStream);
        Finish(endStream);
    }

    public override void OnInformationalHeaders()
    {
        Require(!_sawHeaders, "informational before headers");
        Informational.Add(Text(Headers));
        Events.Add("informational");
        Headers.Clear();
    }

    public override void OnData(in Slice data, bool endStream)
    {
        Require(_sawHeaders, "data after headers");
        Require(!data.IsEmpty || endStream, "empty data only at the end");
        _body.Write(data.Span);
        Record($"data({data.Length})", endStream);
        Finish(endStream);
    }

    public override void OnTrailers()
    {
        Require(_sawHeaders, "trailers after headers");
        Record("trailers", end: false);
        _ended = true;
        Finish(end: true);
    }

    public override void OnReset(StreamResetReason reason, ErrorDetail? detail)
    {
        Record($"reset({reason})", end: false);
        _ended = true;
        ResetReason = reason;
        ResetDetail = detail;
        WhenReset?.Invoke(this);
    }

    public override void OnAboveWriteBufferHighWatermark() => Events.Add("above");

    public override void OnBelowWriteBufferLowWatermark() => Events.Add("below");

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new InvalidOperationException("the codec broke its contract: " + rule);
        }
    }

    private void Record(string what, bool end)
    {
        // After the end of the message only a reset may come, and after a reset nothing.
        Require(ResetReason == StreamResetReason.None, "nothing after reset: " + what);
        Require(!_ended || what.StartsWith("reset", StringComparison.Ordinal), "nothing after the end: " + what);
        Events.Add(end ? what + "+end" : what);
        _ended |= end;
    }

    private void Finish(bool end)
    {
        if (end && ResetReason == StreamResetReason.None)
        {
            Complete = true;
            WhenComplete?.Invoke(this);
        }
    }
}
