using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Server.Admin;

/// <summary>
/// The parameters of an admin request, percent-decoded; a plus sign stays one, as in Envoy, so that regexes need no escape. The first of
/// several values of a name counts. Immutable; thread: main.
/// </summary>
public sealed class AdminQuery
{
    /// <summary>More parameters than this are refused.</summary>
    public const int MaxParameters = 64;

    private readonly List<KeyValuePair<string, string>> _parameters = [];

    private AdminQuery()
    {
    }

    public static AdminQuery Empty { get; } = new();

    /// <summary>In the order in which they were sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>A parameter's value; null when it is not there, empty when it has none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach ((string key, string value) in _parameters)
            {
                if (key == name)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>A value that is there and not empty, else null.</summary>
    public string? NonEmpty(string name) => this[name] is { Length: > 0 } value ? value : null;

    /// <summary>True when the parameter is there, whatever its value: how Envoy reads switches such as <c>usedonly</c>.</summary>
    public bool Has(string name) => this[name] is not null;

    /// <summary>Parses what follows the question mark; false when there are too many parameters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AdminQuery query)
    {
        query = new AdminQuery();
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (query._parameters.Count == MaxParameters)
            {
                return false;
            }

            int equals = pair.IndexOf('=');
            string name = Decode(equals < 0 ? pair : pair[..equals]);
            string value = equals < 0 ? string.Empty : Decode(pair[(equals + 1)..]);
            query._parameters.Add(new KeyValuePair<string, string>(name, value));
        }

        return true;
    }

    /// <summary>Decodes %XX as UTF-8; what is no valid escape stays as it is.</summary>
    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
        {
            return text.ToString();
        }

        byte[] source = Encoding.UTF8.GetBytes(text.ToString());
        int length = 0;
        for (int i = 0; i < source.Length; i++)
        {
            bool isEscape = source[i] == '%' && i + 2 < source.Length
                && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]);
            source[length++] = isEscape ? (byte)((HexValue(source[i + 1]) << 4) | HexValue(source[i + 2])) : source[i];
            i += isEscape ? 2 : 0;
        }

        return Encoding.UTF8.GetString(source, 0, length);
    }

    private static int HexValue(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
