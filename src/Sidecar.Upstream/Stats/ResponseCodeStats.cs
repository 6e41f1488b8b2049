using System;
using Sidecar.Core.Stats;

namespace Sidecar.Upstream.Stats;

/// <summary>
/// Counts of response codes below <c>cluster.&lt;name&gt;.</c>: <c>upstream_rq_completed</c>, <c>upstream_rq_2xx</c>, <c>upstream_rq_200</c>,
/// <c>upstream_rq_time</c>, each again below <c>canary.</c>, <c>internal.</c> and <c>external.</c>. Envoy makes a counter for any code
/// that occurs; here the codes in use have a line each, and others count in their class only. Thread: the block's owner.
/// </summary>
public static class ResponseCodeStats
{
    private const int MinCode = 100;
    private const int MaxCode = 599;
    private const int Completed = 0;
    private const int Time = 1;
    private const int Classes = 2;
    private const int ClassCount = 5;
    private const int Codes = Classes + ClassCount;

    private static readonly (int First, int Last)[] s_knownCodes =
    [
        (100, 103), (200, 208), (218, 218), (226, 226), (300, 308), (400, 431), (440, 440), (444, 444), (449, 451), (460, 464), (494, 499),
        (500, 511), (520, 530), (540, 540), (561, 561), (598, 599),
    ];

    /// <summary>Line of a code within a variant, 0 for codes without one.</summary>
    private static readonly byte[] s_lineOfCode = NumberCodes();

    private static readonly int s_variantLength = Codes + CountCodes();

    private static readonly string[] s_variants = [string.Empty, "canary.", "external.", "internal."];

    /// <summary>All lines but <c>upstream_rq_completed</c> are lazy: shown once they have counted.</summary>
    public static readonly StatTable Table = new("cluster.response_codes", Define());

    private enum Variant
    {
        All = 0,
        Canary,
        External,
        Internal,
    }

    /// <summary>Counts one response, from upstream or made by the router in its place.</summary>
    /// <param name="codes">The cluster's <see cref="Table"/>.</param>
    /// <param name="code">Status code.</param>
    /// <param name="isInternal">The request is internal by its <c>x-envoy-internal</c>.</param>
    /// <param name="isCanary">The host is a canary, or the response says so.</param>
    public static void Charge(StatBlock codes, int code, bool isInternal, bool isCanary)
    {
        ChargeVariant(codes, Variant.All, code);
        ChargeVariant(codes, isInternal ? Variant.Internal : Variant.External, code);
        if (isCanary)
        {
            ChargeVariant(codes, Variant.Canary, code);
        }
    }

    /// <summary>Records how long a completed request took upstream.</summary>
    public static void RecordTime(StatBlock codes, long milliseconds, bool isInternal, bool isCanary)
    {
        codes.Record(LineOf(Variant.All, Time), milliseconds);
        codes.Record(LineOf(isInternal ? Variant.Internal : Variant.External, Time), milliseconds);
        if (isCanary)
        {
            codes.Record(LineOf(Variant.Canary, Time), milliseconds);
        }
    }

    private static void ChargeVariant(StatBlock codes, Variant variant, int code)
    {
        codes.Increment(LineOf(variant, Completed));
        if (code is < MinCode or > MaxCode)
        {
            return;
        }

        codes.Increment(LineOf(variant, Classes + (code / 100) - 1));
        int line = s_lineOfCode[code - MinCode];
        if (line != 0)
        {
            codes.Increment(LineOf(variant, line));
        }
    }

    private static int LineOf(Variant variant, int line) => ((int)variant * s_variantLength) + line;

    private static byte[] NumberCodes()
    {
        var lines = new byte[MaxCode - MinCode + 1];
        int next = Codes;
        foreach ((int first, int last) in s_knownCodes)
        {
            for (int code = first; code <= last; code++)
            {
                lines[code - MinCode] = (byte)next++;
            }
        }

        return lines;
    }

    private static int CountCodes()
    {
        int count = 0;
        foreach ((int first, int last) in s_knownCodes)
        {
            count += last - first + 1;
        }

        return count;
    }

    private static StatDefinition[] Define()
    {
        var definitions = new StatDefinition[s_variants.Length * s_variantLength];
        for (int variant = 0; variant < s_variants.Length; variant++)
        {
            Span<StatDefinition> lines = definitions.AsSpan(variant * s_variantLength, s_variantLength);
            string prefix = s_variants[variant] + "upstream_rq_";
            lines[Completed] = StatTable.Counter(prefix + "completed", lazy: variant != 0);
            lines[Time] = StatTable.Histogram(prefix + "time", StatUnit.Milliseconds, lazy: true);
            for (int i = 0; i < ClassCount; i++)
            {
                lines[Classes + i] = StatTable.Counter($"{prefix}{i + 1}xx", lazy: true);
            }

            for (int i = 0; i < s_lineOfCode.Length; i++)
            {
                if (s_lineOfCode[i] != 0)
                {
                    lines[s_lineOfCode[i]] = StatTable.Counter($"{prefix}{i + MinCode}", lazy: true);
                }
            }
        }

        return definitions;
    }
}
