using System;
using System.Globalization;

namespace Sidecar.Config.Tree;

/// <summary>Decides what a plain YAML scalar means, as Envoy's YAML reader does (YAML 1.1 booleans included).</summary>
internal static class ScalarText
{
    internal static (ConfigNodeKind Kind, string Text) Resolve(string plain)
    {
        if (plain is "" or "~" or "null" or "Null" or "NULL")
        {
            return (ConfigNodeKind.Null, plain);
        }

        char first = plain[0];
        if (char.IsAsciiLetter(first))
        {
            return (IsBoolean(plain) ? ConfigNodeKind.Boolean : ConfigNodeKind.String, plain);
        }

        if (plain.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(plain.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex))
        {
            return (ConfigNodeKind.Number, hex.ToString(CultureInfo.InvariantCulture));
        }

        bool isNumber = (char.IsAsciiDigit(first) || first is '-' or '+' or '.')
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        return (isNumber ? ConfigNodeKind.Number : ConfigNodeKind.String, plain);
    }

    private static bool IsBoolean(string plain) => plain is
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" or
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N";
}
