using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Sidecar.Config.Tree;
using Validate;

namespace Sidecar.Config.Schema;

/// <summary>
/// Checks wire bytes against the validate rules of the API's protos (protoc-gen-validate), also inside Any and TypedStruct where the
/// type is known. All violations are collected, worded as Envoy words them ("Cluster.ConnectTimeout: value must be greater than 0s")
/// after the path of the field. One thread, one message.
/// </summary>
public sealed class ConstraintValidator
{
    private const int MaxDepth = 100;

    private readonly SchemaTable _table;
    private readonly ConfigErrors _errors;
    private readonly FieldPath _path;
    private readonly WireFieldStack _fields = new();
    private int _depth;

    private ConstraintValidator(SchemaTable table, ConfigErrors errors, FieldPath path)
    {
        _table = table;
        _errors = errors;
        _path = path;
    }

    /// <summary>Checks one message.</summary>
    /// <param name="table">Where types named in Any are looked up.</param>
    /// <param name="message">The type of the bytes.</param>
    /// <param name="bytes">The wire bytes, borrowed for the call.</param>
    /// <param name="errors">Takes the violations.</param>
    /// <param name="root">Stands before the paths, e.g. the resource's name.</param>
    public static void Check(SchemaTable table, MessageSchema message, ReadOnlySpan<byte> bytes, ConfigErrors errors, string root = "") =>
        new ConstraintValidator(table, errors, new FieldPath(root)).CheckMessage(message, bytes);

    private void CheckMessage(MessageSchema message, ReadOnlySpan<byte> bytes)
    {
        if (++_depth > MaxDepth)
        {
            Fail($"nested deeper than {MaxDepth} messages");
        }
        else if (message.WellKnown == WellKnownType.Any)
        {
            CheckAny(bytes);
        }
        else if (message.WellKnown == WellKnownType.None && message.IsValidated)
        {
            CheckFields(message, bytes);
        }

        _depth--;
    }

    private void CheckAny(ReadOnlySpan<byte> bytes)
    {
        TypedPayload payload = TypedPayload.Unwrap(_table, bytes, _errors, _path.ToString());
        if (payload.Message is { } message)
        {
            CheckMessage(message, payload.Bytes);
        }
    }

    private void CheckFields(MessageSchema message, ReadOnlySpan<byte> bytes)
    {
        int start = _fields.Count;
        if (!_fields.Push(bytes))
        {
            Fail($"not a valid {message.FullName} message");
        }

        int stop = _fields.Count;
        int at = start;
        Span<bool> isOneofSet = message.Oneofs.Count <= 32 ? stackalloc bool[32] : new bool[message.Oneofs.Count];
        isOneofSet.Clear();
        foreach (FieldSchema field in message.Fields)
        {
            while (at < stop && _fields[at].Number < field.Number)
            {
                at++;
            }

            bool isSet = at < stop && _fields[at].Number == field.Number;
            int end = isSet ? _fields.EndOfRun(at) : at;
            if (isSet && field.OneofIndex >= 0)
            {
                isOneofSet[field.OneofIndex] = true;
            }

            FieldRules? rules = field.Rules;
            if (rules is not null || (isSet && field.Kind == FieldKind.Message))
            {
                _path.PushField(field.Name);
                CheckField(message, field, rules, bytes, at, end);
                _path.Pop();
            }
        }

        _fields.PopTo(start);
        for (int i = 0; i < message.Oneofs.Count; i++)
        {
            if (message.Oneofs[i].IsRequired && !isOneofSet[i])
            {
                _path.PushField(message.Oneofs[i].Name);
                Fail(message, message.Oneofs[i].Name, "value is required");
                _path.Pop();
            }
        }
    }

    private void CheckField(MessageSchema message, FieldSchema field, FieldRules? rules, ReadOnlySpan<byte> bytes, int start, int end)
    {
        bool isSet = end > start;
        if (field.IsMap)
        {
            CheckMap(message, field, rules?.Map, bytes, start, end);
        }
        else if (field.IsRepeated)
        {
            CheckRepeated(message, field, rules, bytes, start, end);
        }
        else if (field.Kind == FieldKind.Message)
        {
            if (isSet)
            {
                CheckValue(message, field, rules, 0, _fields.MergedPayload(bytes, start, end));
            }
            else if (field.OneofIndex < 0 && IsRequired(rules))
            {
                Fail(message, field, "value is required");
            }
        }
        else if (isSet)
        {
            WireField last = _fields[end - 1];
            CheckValue(message, field, rules, last.Value, last.Type == WireType.LengthDelimited ? last.Payload(bytes) : default);
        }
        else if (!field.HasPresence)
        {
            CheckValue(message, field, rules, 0, default);
        }
    }

    private static bool IsRequired(FieldRules? rules) => rules is
        { Message.Required: true } or { Duration.Required: true } or { Timestamp.Required: true } or { Any.Required: true };

    private void CheckRepeated(MessageSchema message, FieldSchema field, FieldRules? rules, ReadOnlySpan<byte> bytes, int start, int end)
    {
        List<ulong> scalars = [];
        bool isScalar = field.WireType != WireType.LengthDelimited;
        if (isScalar)
        {
            _fields.ReadScalars(bytes, field, start, end, scalars);
        }

        RepeatedRules? repeated = rules?.TypeCase == FieldRules.TypeOneofCase.Repeated ? rules.Repeated : null;
        int count = isScalar ? scalars.Count : end - start;
        if (repeated is not null && !(repeated.IgnoreEmpty && count == 0))
        {
            CheckCount(message, field, repeated, count);
        }

        HashSet<string>? seen = repeated is { Unique: true } ? new(StringComparer.Ordinal) : null;
        FieldRules? itemRules = repeated?.Items ?? (rules?.Message is null ? null : rules);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> payload = isScalar ? default : _fields[start + i].Payload(bytes);
            ulong bits = isScalar ? scalars[i] : 0;
            if (seen is not null && !seen.Add(isScalar ? bits.ToString(CultureInfo.InvariantCulture) : Convert.ToHexString(payload)))
            {
                Fail(message, field, "repeated value must contain unique items");
                seen = null;
            }

            if (itemRules is not null || field.Kind == FieldKind.Message)
            {
                _path.PushIndex(i);
                CheckValue(message, field, itemRules, bits, payload);
                _path.Pop();
            }
        }
    }

    private void CheckCount(MessageSchema message, FieldSchema field, RepeatedRules rules, int count)
    {
        bool isLow = rules.HasMinItems && (ulong)count < rules.MinItems;
        bool isHigh = rules.HasMaxItems && (ulong)count > rules.MaxItems;
        if (isLow || isHigh)
        {
            Fail(message, field, isLow
                ? $"value must contain at least {rules.MinItems} item(s)"
                : $"value must contain no more than {rules.MaxItems} item(s)");
        }
    }

    private void CheckMap(MessageSchema message, FieldSchema field, MapRules? rules, ReadOnlySpan<byte> bytes, int start, int end)
    {
        FieldSchema keyField = field.Message.Find(1)!;
        FieldSchema valueField = field.Message.Find(2)!;
        ulong count = (ulong)(end - start);
        if (rules is not null && !(rules.IgnoreEmpty && count == 0))
        {
            if (rules.HasMinPairs && count < rules.MinPairs)
            {
                Fail(message, field, $"value must contain at least {rules.MinPairs} pair(s)");
            }
            else if (rules.HasMaxPairs && count > rules.MaxPairs)
            {
                Fail(message, field, $"value must contain no more than {rules.MaxPairs} pair(s)");
            }
        }

        for (int i = start; i < end; i++)
        {
            ReadOnlySpan<byte> entry = _fields[i].Payload(bytes);
            WireField key = WireValues.FindLast(entry, 1);
            WireField value = WireValues.FindLast(entry, 2);
            _path.PushKey(WireValues.ReadMapKey(keyField, entry));
            CheckValue(message, keyField, rules?.Keys, key.Value, key.Payload(entry), field);
            CheckValue(message, valueField, rules?.Values, value.Value, value.Payload(entry), field);
            _path.Pop();
        }
    }

    /// <summary>
    /// Checks one value. <paramref name="named"/> is the field that a violation names, if not <paramref name="field"/> itself.
    /// </summary>
    private void CheckValue(
        MessageSchema message, FieldSchema field, FieldRules? rules, ulong bits, ReadOnlySpan<byte> payload, FieldSchema? named = null)
    {
        if (field.Kind != FieldKind.Message)
        {
            if (rules is not null && CheckScalar(field, rules, bits, payload) is { } wrong)
            {
                Fail(message, named ?? field, wrong);
            }

            return;
        }

        if (rules is not null && CheckWellKnown(field.Message, rules, payload) is { } reason)
        {
            Fail(message, named ?? field, reason);
        }

        if (rules?.Message is not { Skip: true })
        {
            CheckMessage(field.Message, payload);
        }
    }

    private static string? CheckWellKnown(MessageSchema message, FieldRules rules, ReadOnlySpan<byte> payload)
    {
        switch (message.WellKnown)
        {
            case WellKnownType.Duration when rules.TypeCase == FieldRules.TypeOneofCase.Duration:
                (long seconds, int nanos) = WireValues.ReadTime(payload);
                return NumberBounds.Of(rules.Duration).Check(NumberBounds.Nanos(seconds, nanos), FormatDuration);
            case WellKnownType.Any when rules.TypeCase == FieldRules.TypeOneofCase.Any:
                string typeUrl = TypedPayload.Split(payload, out _);
                bool isListed = rules.Any.In.Count == 0 || rules.Any.In.Contains(typeUrl);
                return isListed && !rules.Any.NotIn.Contains(typeUrl) ? null : $"type URL must {(isListed ? "not " : "")}be in list";
            case WellKnownType.Wrapper:
                FieldSchema inner = message.Fields[0];
                WireField value = WireValues.FindLast(payload, 1);
                return CheckScalar(inner, rules, value.Value, value.Payload(payload));
            default:
                return null;
        }
    }

    private static string? CheckScalar(FieldSchema field, FieldRules rules, ulong bits, ReadOnlySpan<byte> payload)
    {
        switch (rules.TypeCase)
        {
            case FieldRules.TypeOneofCase.String:
                return StringConstraint.Check(rules.String, Encoding.UTF8.GetString(payload), payload.Length);
            case FieldRules.TypeOneofCase.Bytes:
                return StringConstraint.Check(rules.Bytes, payload);
            case FieldRules.TypeOneofCase.Bool:
                bool isRight = !rules.Bool.HasConst || rules.Bool.Const == (bits != 0);
                return isRight ? null : "value must equal " + (rules.Bool.Const ? "true" : "false");
            case FieldRules.TypeOneofCase.Enum:
                return CheckEnum(field, rules.Enum, (int)bits);
            case FieldRules.TypeOneofCase.Uint32:
                return rules.Uint32.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Uint32).Check((uint)bits, FormatInteger);
            case FieldRules.TypeOneofCase.Uint64:
                return rules.Uint64.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Uint64).Check(bits, FormatInteger);
            case FieldRules.TypeOneofCase.Int32:
                return rules.Int32.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Int32).Check((int)bits, FormatInteger);
            case FieldRules.TypeOneofCase.Int64:
                return rules.Int64.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Int64).Check((long)bits, FormatInteger);
            case FieldRules.TypeOneofCase.Double:
                double number = BitConverter.UInt64BitsToDouble(bits);
                return rules.Double.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Double).Check(number, FormatDouble);
            case FieldRules.TypeOneofCase.Float:
                number = BitConverter.UInt32BitsToSingle((uint)bits);
                return rules.Float.IgnoreEmpty && bits == 0 ? null : NumberBounds.Of(rules.Float).Check(number, FormatDouble);
            default:
                return null;
        }
    }

    private static string? CheckEnum(FieldSchema field, EnumRules rules, int number) => rules switch
    {
        { HasConst: true } when number != rules.Const => $"value must equal {rules.Const}",
        { DefinedOnly: true } when field.Enum.NameOf(number) is null => "value must be one of the defined enum values",
        _ when rules.In.Count > 0 && !rules.In.Contains(number) => $"value must be in list [{string.Join(", ", rules.In)}]",
        _ when rules.NotIn.Contains(number) => $"value must not be in list [{string.Join(", ", rules.NotIn)}]",
        _ => null,
    };

    private static string FormatInteger(Int128 value) => value.ToString(CultureInfo.InvariantCulture);

    private static string FormatDouble(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string FormatDuration(Int128 nanos) =>
        TimeText.FormatDuration((long)(nanos / 1_000_000_000), (int)(nanos % 1_000_000_000));

    /// <summary>The name as the generated C++ class has it: connect_timeout is ConnectTimeout.</summary>
    private static string Pascal(string name)
    {
        StringBuilder text = new(name.Length);
        foreach (string part in name.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(char.ToUpperInvariant(part[0])).Append(part, 1, part.Length - 1);
        }

        return text.ToString();
    }

    private void Fail(MessageSchema message, FieldSchema field, string reason) => Fail(message, field.Name, reason);

    private void Fail(MessageSchema message, string member, string reason)
    {
        if (!RelaxedRules.Contains(message.FullName, member))
        {
            Fail($"{message.Name}.{Pascal(member)}: {reason}");
        }
    }

    private void Fail(string reason) => _errors.Add(default, _path.ToString(), reason);
}
