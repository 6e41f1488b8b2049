using System.Collections.Generic;
using System.Globalization;
using Envoy.Extensions.Retry.Host.OmitCanaryHosts.V3;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Schema;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using HedgePolicyProto = Envoy.Config.Route.V3.HedgePolicy;
using ResetFormatProto = Envoy.Config.Route.V3.RetryPolicy.Types.ResetHeaderFormat;
using RetryPolicyProto = Envoy.Config.Route.V3.RetryPolicy;

namespace Sidecar.Config.Routes;

/// <summary><c>RetryPolicy</c> and <c>HedgePolicy</c> of routes and virtual hosts. Thread: main.</summary>
internal static class RetryPolicyConverter
{
    private const long BackOffRatio = 10;
    private const long DefaultMaxResetMs = 300_000;

    /// <summary>Null when it is not set.</summary>
    public static RetryPolicyConfig? Build(RetryPolicyProto? proto, FieldScope at)
    {
        if (proto is null)
        {
            return null;
        }

        if (proto.RetryPriority is not null)
        {
            ExtensionTable.Unknown("retry priority", proto.RetryPriority.Name, proto.RetryPriority.TypedConfig, at.Field("retry_priority"));
        }

        for (int i = 0; i < proto.RetryOptionsPredicates.Count; i++)
        {
            ExtensionTable.Unknown(
                "retry options predicate",
                proto.RetryOptionsPredicates[i].Name,
                proto.RetryOptionsPredicates[i].TypedConfig,
                at.Item("retry_options_predicates", i));
        }

        var codes = new int[proto.RetriableStatusCodes.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (int)proto.RetriableStatusCodes[i];
        }

        return new RetryPolicyConfig
        {
            RetryOn = proto.RetryOn,
            NumRetries = proto.NumRetries ?? 1,
            PerTryTimeoutMs = Times.Ms(proto.PerTryTimeout, 0, at, "per_try_timeout"),
            PerTryIdleTimeoutMs = Times.Ms(proto.PerTryIdleTimeout, 0, at, "per_try_idle_timeout"),
            RetryHostPredicates = HostPredicates(proto, at),
            HostSelectionRetryMaxAttempts = Attempts(proto, at),
            RetriableStatusCodes = codes,
            RetriableHeaders = HeaderMatcherConverter.Build(proto.RetriableHeaders, at, "retriable_headers"),
            RetriableRequestHeaders = HeaderMatcherConverter.Build(proto.RetriableRequestHeaders, at, "retriable_request_headers"),
            RetryBackOff = BackOff(proto, at.Field("retry_back_off")),
            RateLimitedRetryBackOff = RateLimitedBackOff(proto, at.Field("rate_limited_retry_back_off")),
        };
    }

    public static HedgePolicyConfig? Build(HedgePolicyProto? proto) =>
        proto is null ? null : new HedgePolicyConfig(proto.InitialRequests ?? 1, proto.HedgeOnPerTryTimeout);

    private static uint Attempts(RetryPolicyProto proto, FieldScope at)
    {
        if (proto.HostSelectionRetryMaxAttempts is < 0 or > uint.MaxValue)
        {
            string attempts = proto.HostSelectionRetryMaxAttempts.ToString(CultureInfo.InvariantCulture);
            at.Error("host_selection_retry_max_attempts", $"{attempts} is no number of attempts");
            return 1;
        }

        return proto.HostSelectionRetryMaxAttempts == 0 ? 1 : (uint)proto.HostSelectionRetryMaxAttempts;
    }

    private static List<string> HostPredicates(RetryPolicyProto proto, FieldScope at)
    {
        var names = new List<string>(proto.RetryHostPredicate.Count);
        for (int i = 0; i < proto.RetryHostPredicate.Count; i++)
        {
            RetryPolicyProto.Types.RetryHostPredicate predicate = proto.RetryHostPredicate[i];
            if (predicate.TypedConfig is { } config && TypedConfig.Is<PreviousHostsPredicate>(config))
            {
                names.Add("envoy.retry_host_predicates.previous_hosts");
            }
            else if (predicate.TypedConfig is { } canary && TypedConfig.Is<OmitCanaryHostsPredicate>(canary))
            {
                names.Add("envoy.retry_host_predicates.omit_canary_hosts");
            }
            else
            {
                ExtensionTable.Unknown("retry host predicate", predicate.Name, predicate.TypedConfig, at.Item("retry_host_predicate", i));
            }
        }

        return names;
    }

    private static RetryBackOffConfig? BackOff(RetryPolicyProto proto, FieldScope at)
    {
        if (proto.RetryBackOff is null)
        {
            return null;
        }

        long baseMs = Times.Ms(proto.RetryBackOff.BaseInterval, 0, at, "base_interval");
        long maxMs = Times.Ms(proto.RetryBackOff.MaxInterval, baseMs * BackOffRatio, at, "max_interval");
        if (maxMs < baseMs)
        {
            at.Error("max_interval", "must not be below base_interval");
        }

        return new RetryBackOffConfig(baseMs, maxMs);
    }

    private static RateLimitedRetryBackOffConfig? RateLimitedBackOff(RetryPolicyProto proto, FieldScope at)
    {
        if (proto.RateLimitedRetryBackOff is null)
        {
            return null;
        }

        var headers = new List<ResetHeaderConfig>(proto.RateLimitedRetryBackOff.ResetHeaders.Count);
        foreach (RetryPolicyProto.Types.ResetHeader header in proto.RateLimitedRetryBackOff.ResetHeaders)
        {
            ResetHeaderFormat format = header.Format == ResetFormatProto.UnixTimestamp ? ResetHeaderFormat.UnixTimestamp : ResetHeaderFormat.Seconds;
            headers.Add(new ResetHeaderConfig(header.Name, format));
        }

        long maxMs = Times.Ms(proto.RateLimitedRetryBackOff.MaxInterval, DefaultMaxResetMs, at, "max_interval");
        return new RateLimitedRetryBackOffConfig(headers, maxMs);
    }
}
