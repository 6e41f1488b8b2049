using System;
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Sidecar.Core.Stats.Rendering;

/// <summary>Writes text and numbers as UTF-8 straight into a writer's memory. Thread: main.</summary>
internal readonly ref struct Utf8Appender(IBufferWriter<byte> output)
{
    private const int MaxNumberBytes = 32;

    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public void Write(string text)
    {
        Span<byte> room = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, room));
    }

    public void Write(long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxNumberBytes), out int written);
        output.Advance(written);
    }

    /// <summary>The shortest text that reads back as the same number; <c>nan</c> as Envoy prints it.</summary>
    public void Write(double value)
    {
        if (double.IsNaN(value))
        {
            Write("nan"u8);
            return;
        }

        value.TryFormat(output.GetSpan(MaxNumberBytes), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
