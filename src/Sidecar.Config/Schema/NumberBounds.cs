using System;
using System.Collections.Generic;
using System.Numerics;
using Google.Protobuf.WellKnownTypes;
using Validate;

namespace Sidecar.Config.Schema;

/// <summary>
/// The numeric rules of a field, brought to one type: integers and durations (nanoseconds) to Int128, floating point to double.
/// </summary>
/// <typeparam name="T">The type that is compared.</typeparam>
internal readonly record struct NumberBounds<T>(T? Const, T? Lt, T? Lte, T? Gt, T? Gte, IReadOnlyList<T> In, IReadOnlyList<T> NotIn)
    where T : struct, INumber<T>
{
    /// <returns>Null, or what is wrong with the value in the words of protoc-gen-validate.</returns>
    internal string? Check(T value, Func<T, string> format)
    {
        if (Const is { } exact && value != exact)
        {
            return "value must equal " + format(exact);
        }

        if ((Lt ?? Lte) is { } high && (Gt ?? Gte) is { } low)
        {
            return CheckRange(value, low, high, format);
        }

        string? wrong = this switch
        {
            { Lt: { } lt } when !(value < lt) => "value must be less than " + format(lt),
            { Lte: { } lte } when !(value <= lte) => "value must be less than or equal to " + format(lte),
            { Gt: { } gt } when !(value > gt) => "value must be greater than " + format(gt),
            { Gte: { } gte } when !(value >= gte) => "value must be greater than or equal to " + format(gte),
            _ => null,
        };
        return wrong ?? CheckLists(value, format);
    }

    /// <summary>A lower bound above the upper one asks for a value outside of the range.</summary>
    private string? CheckRange(T value, T low, T high, Func<T, string> format)
    {
        bool isAboveLow = Gt is not null ? value > low : value >= low;
        bool isBelowHigh = Lt is not null ? value < high : value <= high;
        bool isInverted = low > high;
        bool isRight = isInverted ? isAboveLow || isBelowHigh : isAboveLow && isBelowHigh;
        if (isRight)
        {
            return CheckLists(value, format);
        }

        string range = isInverted
            ? $"{(Lt is null ? '(' : '[')}{format(high)}, {format(low)}{(Gt is null ? ')' : ']')}"
            : $"{(Gt is null ? '[' : '(')}{format(low)}, {format(high)}{(Lt is null ? ']' : ')')}";
        return $"value must be {(isInverted ? "outside" : "inside")} range {range}";
    }

    private string? CheckLists(T value, Func<T, string> format)
    {
        if (In.Count > 0 && !Contains(In, value))
        {
            return $"value must be in list [{Join(In, format)}]";
        }

        return Contains(NotIn, value) ? $"value must not be in list [{Join(NotIn, format)}]" : null;
    }

    private static bool Contains(IReadOnlyList<T> list, T value)
    {
        foreach (T item in list)
        {
            if (item == value)
            {
                return true;
            }
        }

        return false;
    }

    private static string Join(IReadOnlyList<T> list, Func<T, string> format)
    {
        string[] texts = new string[list.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = format(list[i]);
        }

        return string.Join(", ", texts);
    }
}

/// <summary>Makes <see cref="NumberBounds{T}"/> from the generated rule messages.</summary>
internal static class NumberBounds
{
    internal static NumberBounds<Int128> Of(UInt32Rules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<uint, Int128>(r.In, static v => v), List<uint, Int128>(r.NotIn, static v => v));

    internal static NumberBounds<Int128> Of(UInt64Rules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<ulong, Int128>(r.In, static v => v), List<ulong, Int128>(r.NotIn, static v => v));

    internal static NumberBounds<Int128> Of(Int32Rules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<int, Int128>(r.In, static v => v), List<int, Int128>(r.NotIn, static v => v));

    internal static NumberBounds<Int128> Of(Int64Rules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<long, Int128>(r.In, static v => v), List<long, Int128>(r.NotIn, static v => v));

    internal static NumberBounds<double> Of(DoubleRules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<double, double>(r.In, static v => v), List<double, double>(r.NotIn, static v => v));

    internal static NumberBounds<double> Of(FloatRules r) => new(
        r.HasConst ? r.Const : null, r.HasLt ? r.Lt : null, r.HasLte ? r.Lte : null, r.HasGt ? r.Gt : null, r.HasGte ? r.Gte : null,
        List<float, double>(r.In, static v => v), List<float, double>(r.NotIn, static v => v));

    internal static NumberBounds<Int128> Of(DurationRules r) => new(
        Nanos(r.Const), Nanos(r.Lt), Nanos(r.Lte), Nanos(r.Gt), Nanos(r.Gte),
        List<Duration, Int128>(r.In, static v => Nanos(v.Seconds, v.Nanos)),
        List<Duration, Int128>(r.NotIn, static v => Nanos(v.Seconds, v.Nanos)));

    internal static Int128 Nanos(long seconds, int nanos) => ((Int128)seconds * 1_000_000_000) + nanos;

    private static Int128? Nanos(Duration? duration) => duration is null ? null : Nanos(duration.Seconds, duration.Nanos);

    private static TTo[] List<TFrom, TTo>(IReadOnlyList<TFrom> list, Func<TFrom, TTo> convert)
    {
        TTo[] converted = list.Count == 0 ? [] : new TTo[list.Count];
        for (int i = 0; i < converted.Length; i++)
        {
            converted[i] = convert(list[i]);
        }

        return converted;
    }
}
