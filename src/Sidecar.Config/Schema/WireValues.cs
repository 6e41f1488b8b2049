using System;
using System.Globalization;
using System.Text;

namespace Sidecar.Config.Schema;

/// <summary>Reads single values out of small messages on the wire.</summary>
internal static class WireValues
{
    /// <summary>The last occurrence of a field, a default one if it is absent.</summary>
    internal static WireField FindLast(ReadOnlySpan<byte> message, int number)
    {
        WireField last = default;
        WireReader reader = new(message);
        while (reader.TryReadField(out WireField field))
        {
            last = field.Number == number ? field : last;
        }

        return last;
    }

    /// <summary>Seconds and nanoseconds of a Duration or Timestamp.</summary>
    internal static (long Seconds, int Nanos) ReadTime(ReadOnlySpan<byte> message) =>
        ((long)FindLast(message, 1).Value, (int)FindLast(message, 2).Value);

    /// <summary>The key of a map entry as JSON spells it.</summary>
    internal static string ReadMapKey(FieldSchema keyField, ReadOnlySpan<byte> entry)
    {
        WireField key = FindLast(entry, 1);
        return keyField.Kind switch
        {
            FieldKind.String => Encoding.UTF8.GetString(key.Payload(entry)),
            FieldKind.Bool => key.Value != 0 ? "true" : "false",
            FieldKind.UInt32 or FieldKind.UInt64 or FieldKind.Fixed32 or FieldKind.Fixed64 =>
                key.Value.ToString(CultureInfo.InvariantCulture),
            _ => ToSigned(keyField.Kind, key.Value).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The signed integer that the bits of a field stand for.</summary>
    internal static long ToSigned(FieldKind kind, ulong bits) => kind switch
    {
        FieldKind.SInt32 or FieldKind.SInt64 => (long)(bits >> 1) ^ -(long)(bits & 1),
        FieldKind.SFixed32 or FieldKind.Int32 or FieldKind.Enum => (int)bits,
        _ => (long)bits,
    };
}
