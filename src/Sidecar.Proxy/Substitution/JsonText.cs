using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>JSON's spelling of text and values. Thread: any.</summary>
internal static class JsonText
{
    /// <summary>Printable ASCII without the quote and the backslash needs no escape.</summary>
    private static readonly SearchValues<byte> s_plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    [ThreadStatic]
    private static TextBuffer? s_escape;

    /// <summary>Escapes what was written from a position on, in place.</summary>
    public static void EscapeFrom(TextBuffer output, int start)
    {
        ReadOnlySpan<byte> raw = output.Written[start..];
        int first = raw.IndexOfAnyExcept(s_plain);
        if (first < 0)
        {
            return;
        }

        TextBuffer copy = s_escape ??= new TextBuffer();
        copy.Rewind();
        copy.Append(raw[first..]);
        output.Truncate(start + first);
        Escape(copy.Written, output);
    }

    /// <summary>A configured string with its quotes.</summary>
    public static void AppendQuoted(TextBuffer output, string text)
    {
        output.Append((byte)'"');
        int start = output.Length;
        output.Append(text);
        EscapeFrom(output, start);
        output.Append((byte)'"');
    }

    /// <summary>A value as compact JSON, keys in their order.</summary>
    public static void Append(TextBuffer output, StructValue value)
    {
        switch (value.Kind)
        {
            case StructValueKind.Bool:
                output.Append(value.BoolValue ? "true"u8 : "false"u8);
                break;
            case StructValueKind.Number:
                output.Append(value.NumberValue);
                break;
            case StructValueKind.Text:
                AppendQuoted(output, value.TextValue);
                break;
            case StructValueKind.List:
                AppendList(output, value);
                break;
            case StructValueKind.Struct:
                AppendStruct(output, value);
                break;
            default:
                output.Append("null"u8);
                break;
        }
    }

    private static void AppendList(TextBuffer output, StructValue list)
    {
        output.Append((byte)'[');
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
            {
                output.Append((byte)',');
            }

            Append(output, list.Items[i]);
        }

        output.Append((byte)']');
    }

    private static void AppendStruct(TextBuffer output, StructValue value)
    {
        output.Append((byte)'{');
        bool first = true;
        foreach (KeyValuePair<string, StructValue> field in value.FieldList)
        {
            if (!first)
            {
                output.Append((byte)',');
            }

            first = false;
            AppendQuoted(output, field.Key);
            output.Append((byte)':');
            Append(output, field.Value);
        }

        output.Append((byte)'}');
    }

    /// <summary>Control characters, quotes and backslashes; bytes that are no UTF-8 become U+FFFD, so that the line stays JSON.</summary>
    private static void Escape(ReadOnlySpan<byte> raw, TextBuffer output)
    {
        while (!raw.IsEmpty)
        {
            int plain = raw.IndexOfAnyExcept(s_plain);
            if (plain != 0)
            {
                output.Append(plain < 0 ? raw : raw[..plain]);
                raw = plain < 0 ? default : raw[plain..];
                continue;
            }

            byte b = raw[0];
            if (b < 0x80)
            {
                EscapeAscii(b, output);
                raw = raw[1..];
                continue;
            }

            OperationStatus status = Rune.DecodeFromUtf8(raw, out _, out int length);
            output.Append(status == OperationStatus.Done ? raw[..length] : "\uFFFD"u8);
            raw = raw[length..];
        }
    }

    private static void EscapeAscii(byte b, TextBuffer output)
    {
        output.Append((byte)'\\');
        switch (b)
        {
            case (byte)'"' or (byte)'\\':
                output.Append(b);
                break;
            case (byte)'\n':
                output.Append((byte)'n');
                break;
            case (byte)'\r':
                output.Append((byte)'r');
                break;
            case (byte)'\t':
                output.Append((byte)'t');
                break;
            case (byte)'\b':
                output.Append((byte)'b');
                break;
            case (byte)'\f':
                output.Append((byte)'f');
                break;
            default:
                output.Append("u00"u8);
                output.Append("0123456789abcdef"u8[b >> 4]);
                output.Append("0123456789abcdef"u8[b & 15]);
                break;
        }
    }
}
