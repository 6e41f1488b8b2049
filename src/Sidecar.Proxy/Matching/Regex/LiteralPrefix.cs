using System.Collections.Generic;
using System.Text;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>The text that every match of a pattern begins with, so that a route table can file the pattern under it. Main thread.</summary>
internal static class LiteralPrefix
{
    public static string Of(string pattern)
    {
        var text = new StringBuilder();
        Take(RegexParser.Parse(pattern, out _), text);
        return text.ToString();
    }

    /// <summary>Adds a node's literal beginning; true when the node was literal to its end, so that the next one may go on.</summary>
    private static bool Take(RegexNode node, StringBuilder text)
    {
        switch (node)
        {
            case RegexNode.Empty:
            case RegexNode.Assert { Assertion: RegexAssertion.BeginText } when text.Length == 0:
                return true;
            case RegexNode.Class { Runes.Ranges: [var only] } when only.Low == only.High && only.Low is < 0xD800 or > 0xDFFF:
                text.Append(char.ConvertFromUtf32(((RegexNode.Class)node).Runes.Ranges[0].Low));
                return true;
            case RegexNode.Capture capture:
                return Take(capture.Body, text);
            case RegexNode.Concat concat:
                return TakeAll(concat.Parts, text);
            default:
                return false;
        }
    }

    private static bool TakeAll(IReadOnlyList<RegexNode> parts, StringBuilder text)
    {
        foreach (RegexNode part in parts)
        {
            if (!Take(part, text))
            {
                return false;
            }
        }

        return true;
    }
}
