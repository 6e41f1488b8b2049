using System;
using System.Buffers;
using System.Text;

namespace Sidecar.Server.Admin.Pages;

/// <summary>Escapes text for HTML. Thread: any.</summary>
internal static class HtmlText
{
    /// <summary>For text and quoted attribute values.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}

/// <summary>Escapes UTF-8 text that is written to it. Thread: main.</summary>
/// <param name="output">Takes the escaped text.</param>
internal sealed class HtmlEscapingWriter(IBufferWriter<byte> output) : IBufferWriter<byte>
{
    private static readonly SearchValues<byte> s_special = SearchValues.Create("&<>\"'"u8);

    private byte[] _scratch = new byte[1024];

    public void Advance(int count)
    {
        ReadOnlySpan<byte> text = _scratch.AsSpan(0, count);
        while (text.IndexOfAny(s_special) is var at and >= 0)
        {
            output.Write(text[..at]);
            output.Write(text[at] switch
            {
                (byte)'&' => "&amp;"u8,
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'"' => "&quot;"u8,
                _ => "&#39;"u8,
            });
            text = text[(at + 1)..];
        }

        output.Write(text);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_scratch.Length < sizeHint)
        {
            _scratch = new byte[sizeHint];
        }

        return _scratch;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
