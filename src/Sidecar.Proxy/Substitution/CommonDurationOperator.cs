using System;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary><c>%COMMON_DURATION(START:END:PRECISION)%</c>: the time between two of Envoy's timing points.</summary>
internal sealed class CommonDurationOperator : CommandOperator
{
    private readonly Func<StreamInfo, long> _start;
    private readonly Func<StreamInfo, long> _end;
    private readonly long _unitNs;

    private CommonDurationOperator(Func<StreamInfo, long> start, Func<StreamInfo, long> end, long unitNs)
    {
        _start = start;
        _end = end;
        _unitNs = unitNs;
    }

    public static CommonDurationOperator Create(FormatCommand command)
    {
        string[] parts = command.RequireArgument().Split(':');
        if (parts.Length != 3)
        {
            throw new SubstitutionFormatException($"Invalid format: COMMON_DURATION({command.Argument}) takes START:END:PRECISION");
        }

        long unitNs = parts[2] switch
        {
            "ms" => 1_000_000,
            "us" => 1000,
            "ns" => 1,
            _ => throw new SubstitutionFormatException($"Invalid common duration precision '{parts[2]}', only 'ms', 'us' and 'ns' are allowed"),
        };
        return new CommonDurationOperator(Point(parts[0]), Point(parts[1]), unitNs);
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        long start = _start(context.Info);
        long end = _end(context.Info);
        if (start == 0 || end < start)
        {
            return false;
        }

        output.Append((end - start) / _unitNs);
        return true;
    }

    public override bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output) => TryWrite(in context, output);

    private static Func<StreamInfo, long> Point(string name) => name switch
    {
        "DS_RX_BEG" => static i => i.StartNs,
        "DS_RX_END" => static i => i.Times.LastDownstreamRxByteNs,
        "US_TX_BEG" => static i => i.Times.FirstUpstreamTxByteNs,
        "US_TX_END" => static i => i.Times.LastUpstreamTxByteNs,
        "US_RX_BEG" => static i => i.Times.FirstUpstreamRxByteNs,
        "US_RX_BODY_BEG" => static i => i.Times.FirstUpstreamRxBodyByteNs,
        "US_RX_END" => static i => i.Times.LastUpstreamRxByteNs,
        "DS_TX_BEG" => static i => i.Times.FirstDownstreamTxByteNs,
        "DS_TX_END" => static i => i.Times.LastDownstreamTxByteNs,
        // The moments of the upstream connection are not noted per stream: it is pooled.
        "US_CX_BEG" or "US_CX_END" or "US_HS_END" => static _ => 0,
        _ => throw new SubstitutionFormatException($"Invalid common duration time point '{name}'"),
    };
}
