using System;
using System.Globalization;
using System.Numerics;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>Turns one scalar of a document into the bits or bytes of a field.</summary>
internal static class ScalarEncoder
{
    /// <summary>Reads a numeric, boolean or enum value as the bits that its wire type carries.</summary>
    /// <returns>Null, or what is wrong with the value.</returns>
    internal static string? TryReadBits(FieldSchema field, ConfigNode node, out ulong bits)
    {
        bits = 0;
        switch (field.Kind)
        {
            case FieldKind.Bool:
                bits = node.IsTrue || node is { Kind: ConfigNodeKind.String, Text: "true" } ? 1UL : 0UL;
                return node.Kind == ConfigNodeKind.Boolean || (node.Kind == ConfigNodeKind.String && node.Text is "true" or "false")
                    ? null
                    : "expected true or false, not " + node.Describe();
            case FieldKind.Enum:
                return TryReadEnum(field.Enum, node, out bits);
            case FieldKind.Double:
                string? wrong = TryReadDouble(node, out double number);
                bits = BitConverter.DoubleToUInt64Bits(number);
                return wrong;
            case FieldKind.Float:
                wrong = TryReadDouble(node, out number);
                bits = BitConverter.SingleToUInt32Bits((float)number);
                bool isTooLarge = double.IsFinite(number) && !float.IsFinite((float)number);
                return wrong ?? (isTooLarge ? $"{node.Text} is out of the range of a float" : null);
            case FieldKind.Int32 or FieldKind.SFixed32 or FieldKind.SInt32:
                wrong = TryReadInteger(node, int.MinValue, int.MaxValue, out BigInteger value);
                bits = field.Kind switch
                {
                    FieldKind.SInt32 => (uint)(((int)value << 1) ^ ((int)value >> 31)),
                    FieldKind.SFixed32 => (uint)(int)value,
                    _ => (ulong)(long)value,
                };
                return wrong;
            case FieldKind.Int64 or FieldKind.SFixed64 or FieldKind.SInt64:
                wrong = TryReadInteger(node, long.MinValue, long.MaxValue, out value);
                bits = field.Kind == FieldKind.SInt64 ? (ulong)(((long)value << 1) ^ ((long)value >> 63)) : (ulong)(long)value;
                return wrong;
            case FieldKind.UInt32 or FieldKind.Fixed32:
                wrong = TryReadInteger(node, 0, uint.MaxValue, out value);
                bits = (ulong)value;
                return wrong;
            default:
                wrong = TryReadInteger(node, 0, ulong.MaxValue, out value);
                bits = (ulong)value;
                return wrong;
        }
    }

    /// <summary>
    /// Reads a string field. Plain 1.5 is a string to Envoy, and n, y, on or off in a field for text is meant as text; an integer, true
    /// or false is a mistake that quotes repair.
    /// </summary>
    /// <returns>Null, or what is wrong with the value.</returns>
    internal static string? TryReadString(ConfigNode node, out string text)
    {
        text = node.Text;
        return node.Kind switch
        {
            ConfigNodeKind.String => null,
            ConfigNodeKind.Number when node.Text.Contains('.', StringComparison.Ordinal) => null,
            ConfigNodeKind.Boolean when node.Text is not ("true" or "false") => null,
            ConfigNodeKind.Number or ConfigNodeKind.Boolean => $"expected a string, not {node.Describe()}; put it in quotes",
            _ => "expected a string, not " + node.Describe(),
        };
    }

    /// <summary>Reads base64, standard or URL-safe, padded or not.</summary>
    /// <returns>Null, or what is wrong with the value.</returns>
    internal static string? TryReadBytes(ConfigNode node, out byte[] bytes)
    {
        bytes = [];
        if (node.Kind != ConfigNodeKind.String)
        {
            return "expected base64, not " + node.Describe();
        }

        string standard = node.Text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        standard = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        byte[] target = new byte[standard.Length / 4 * 3];
        if (!Convert.TryFromBase64String(standard, target, out int written))
        {
            return "not valid base64";
        }

        bytes = target[..written];
        return null;
    }

    private static string? TryReadEnum(EnumSchema type, ConfigNode node, out ulong bits)
    {
        bits = 0;
        if (node.Kind == ConfigNodeKind.String && type.TryGetNumber(node.Text, out int number))
        {
            bits = (ulong)number;
            return null;
        }

        if (node.Kind is ConfigNodeKind.Number or ConfigNodeKind.String or ConfigNodeKind.Boolean)
        {
            // YAML 1.1 reads ON and OFF as booleans, but they are also names of enum values.
            if (node.Kind == ConfigNodeKind.Boolean && type.TryGetNumber(node.Text, out number))
            {
                bits = (ulong)number;
                return null;
            }

            if (node.Kind != ConfigNodeKind.Boolean && TryReadInteger(node, int.MinValue, int.MaxValue, out BigInteger value) is null)
            {
                bits = (ulong)(long)value;
                return null;
            }
        }

        return $"{node.Describe()} is not a value of {type.FullName}; one of {string.Join(", ", type.Names)}";
    }

    private static string? TryReadDouble(ConfigNode node, out double number)
    {
        number = node.Text switch
        {
            "NaN" or ".nan" or ".NaN" or ".NAN" => double.NaN,
            "Infinity" or ".inf" or ".Inf" or ".INF" => double.PositiveInfinity,
            "-Infinity" or "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
            _ => 0,
        };
        if (node.Kind is not (ConfigNodeKind.Number or ConfigNodeKind.String))
        {
            return "expected a number, not " + node.Describe();
        }

        if (number != 0)
        {
            return null;
        }

        bool isNumber = double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return isNumber && double.IsFinite(number) ? null : $"expected a number in the range of a double, not {node.Describe()}";
    }

    private static string? TryReadInteger(ConfigNode node, BigInteger least, BigInteger most, out BigInteger value)
    {
        value = 0;
        if (node.Kind is not (ConfigNodeKind.Number or ConfigNodeKind.String))
        {
            return "expected an integer, not " + node.Describe();
        }

        if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long small))
        {
            value = small;
        }
        else if (ulong.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large))
        {
            value = large;
        }
        else if (double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number) < 1e30 && Math.Truncate(number) == number)
        {
            value = new BigInteger(number);
        }
        else
        {
            return "expected an integer, not " + node.Describe();
        }

        if (value >= least && value <= most)
        {
            return null;
        }

        value = 0;
        return $"{node.Text} is out of range [{least}, {most}]";
    }
}
