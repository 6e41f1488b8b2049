using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Core.Stats;

/// <summary>The tags of a stat, also as Prometheus writes them; shared by all lines with the same tags. Immutable; thread: any.</summary>
public sealed class StatLabels
{
    private readonly StatTag[] _tags;
    private readonly byte[] _prometheus;

    internal StatLabels(List<StatTag> tags, string prometheus)
    {
        _tags = [.. tags];
        _prometheus = Encoding.UTF8.GetBytes(prometheus);
    }

    public ReadOnlySpan<StatTag> Tags => _tags;

    /// <summary><c>name="value",...</c> without braces, in UTF-8.</summary>
    public ReadOnlySpan<byte> Prometheus => _prometheus;

    internal static string Format(List<StatTag> tags)
    {
        var text = new StringBuilder();
        foreach (StatTag tag in tags)
        {
            text.Append(text.Length == 0 ? string.Empty : ",");
            AppendSanitized(text, tag.Name);
            text.Append("=\"");
            AppendEscaped(text, tag.Value);
            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>Replaces what may not stand in a Prometheus name.</summary>
    internal static void AppendSanitized(StringBuilder text, string name)
    {
        foreach (char c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        }
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '\\':
                    text.Append("\\\\");
                    break;
                case '"':
                    text.Append("\\\"");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }
}
