using System;
using System.Collections.Generic;
using System.Globalization;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.AccessLog;

/// <summary>Decides whether an exchange is logged. Immutable; thread: any.</summary>
public abstract class AccessLogFilter
{
    /// <summary>True when the exchange is to be logged.</summary>
    public abstract bool Evaluate(in FormatContext context);

    /// <summary>Compiles a filter; main thread.</summary>
    /// <exception cref="Matching.Regex.RegexSyntaxException">A header regex is malformed.</exception>
    public static AccessLogFilter Create(AccessLogFilterConfig config) => config switch
    {
        AccessLogFilterConfig.StatusCode f => new NumberFilter(static info => info.ResponseCode, f.Op, f.Value),
        AccessLogFilterConfig.Duration f => new NumberFilter(DurationMs, f.Op, f.Milliseconds),
        AccessLogFilterConfig.NotHealthCheck => new InfoFilter(static info => !info.IsHealthCheck),
        AccessLogFilterConfig.Traceable => new InfoFilter(static info => info.IsTraced),
        AccessLogFilterConfig.Runtime f => new RuntimeFilter(f),
        AccessLogFilterConfig.And f => new CombinedFilter(f.Filters, all: true),
        AccessLogFilterConfig.Or f => new CombinedFilter(f.Filters, all: false),
        AccessLogFilterConfig.Header f => new HeaderFilter(f),
        AccessLogFilterConfig.ResponseFlag f => new FlagFilter(f.Flags),
        AccessLogFilterConfig.GrpcStatus f => new GrpcStatusFilter(f),
        AccessLogFilterConfig.Metadata f => new MetadataFilter(f),
        AccessLogFilterConfig.LogType f => new LogTypeFilter(f),
        _ => throw new ArgumentException($"unknown access log filter {config}", nameof(config)),
    };

    private static long DurationMs(StreamInfo info) => Math.Max(0, info.Times.CompleteNs - info.StartNs) / 1_000_000;

    private sealed class NumberFilter(Func<StreamInfo, long> number, ComparisonOp op, long value) : AccessLogFilter
    {
        public override bool Evaluate(in FormatContext context)
        {
            long actual = number(context.Info);
            return op switch
            {
                ComparisonOp.Eq => actual == value,
                ComparisonOp.Ge => actual >= value,
                ComparisonOp.Le => actual <= value,
                _ => actual != value,
            };
        }
    }

    private sealed class InfoFilter(Predicate<StreamInfo> predicate) : AccessLogFilter
    {
        public override bool Evaluate(in FormatContext context) => predicate(context.Info);
    }

    private sealed class RuntimeFilter(AccessLogFilterConfig.Runtime config) : AccessLogFilter
    {
        public override bool Evaluate(in FormatContext context)
        {
            // All proxies on a request's way draw the same lot from its id.
            ReadOnlySpan<byte> id = context.RequestHeaders.Get(HeaderId.XRequestId);
            if (!config.UseIndependentRandomness && id.Length >= 8
                && uint.TryParse(id[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint random))
            {
                return config.Fraction.IsHit(random);
            }

            return config.Fraction.IsHit(Mix((ulong)context.Info.StartUnixNs ^ ((context.Info.Connection?.ConnectionId ?? 0) << 40)));
        }
    }

    /// <summary>The finalizer of splitmix64: moments that lie close together come out far apart.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private sealed class CombinedFilter : AccessLogFilter
    {
        private readonly AccessLogFilter[] _filters;
        private readonly bool _all;

        public CombinedFilter(IReadOnlyList<AccessLogFilterConfig> filters, bool all)
        {
            _all = all;
            _filters = new AccessLogFilter[filters.Count];
            for (int i = 0; i < _filters.Length; i++)
            {
                _filters[i] = Create(filters[i]);
            }
        }

        public override bool Evaluate(in FormatContext context)
        {
            foreach (AccessLogFilter filter in _filters)
            {
                if (filter.Evaluate(in context) != _all)
                {
                    return !_all;
                }
            }

            return _all;
        }
    }

    private sealed class HeaderFilter(AccessLogFilterConfig.Header config) : AccessLogFilter
    {
        private readonly HeaderMatcher _matcher = new(config.Matcher);

        public override bool Evaluate(in FormatContext context) => _matcher.IsMatch(context.RequestHeaders);
    }

    private sealed class FlagFilter(ResponseFlags flags) : AccessLogFilter
    {
        public override bool Evaluate(in FormatContext context) =>
            flags == ResponseFlags.None ? context.Info.ResponseFlags != ResponseFlags.None : context.Info.HasFlag(flags);
    }

    private sealed class GrpcStatusFilter : AccessLogFilter
    {
        private readonly bool _exclude;
        private readonly int[] _statuses;

        public GrpcStatusFilter(AccessLogFilterConfig.GrpcStatus config)
        {
            _exclude = config.Exclude;
            _statuses = [.. config.Statuses];
        }

        public override bool Evaluate(in FormatContext context)
        {
            if (!GrpcStatusOperator.TryRead(in context, out long status))
            {
                status = 2;
            }

            return _statuses.AsSpan().Contains((int)status) != _exclude;
        }
    }

    private sealed class MetadataFilter(AccessLogFilterConfig.Metadata config) : AccessLogFilter
    {
        private readonly MetadataMatcher? _matcher = config.Matcher is null ? null : new MetadataMatcher(config.Matcher);
        private readonly string[] _path = config.Matcher is null ? [] : [.. config.Matcher.Path];

        public override bool Evaluate(in FormatContext context)
        {
            if (_matcher is null)
            {
                return true;
            }

            DynamicMetadata metadata = context.Info.DynamicMetadata;
            return metadata.Find(config.Matcher!.Filter, _path) is null ? config.MatchIfKeyNotFound : _matcher.IsMatch(metadata);
        }
    }

    private sealed class LogTypeFilter(AccessLogFilterConfig.LogType config) : AccessLogFilter
    {
        private readonly AccessLogType[] _types = [.. config.Types];

        public override bool Evaluate(in FormatContext context) => _types.AsSpan().Contains(context.LogType) != config.Exclude;
    }
}
