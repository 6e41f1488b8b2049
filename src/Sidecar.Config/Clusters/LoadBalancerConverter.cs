using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Upstream.Clusters;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using LocalityCase = Envoy.Config.Cluster.V3.Cluster.Types.CommonLbConfig.LocalityConfigSpecifierOneofCase;
using SlowStartProto = Envoy.Config.Cluster.V3.Cluster.Types.SlowStartConfig;

namespace Sidecar.Config.Clusters;

/// <summary>
/// Which host a request goes to: <c>load_balancing_policy</c>, or the older <c>lb_policy</c> with its settings, and
/// <c>common_lb_config</c>. Thread: main.
/// </summary>
internal static class LoadBalancerConverter
{
    public static (LoadBalancerSettings Balancer, CommonLbSettings Common) Build(ClusterProto proto, FieldScope at)
    {
        CommonLbSettings common = BuildCommon(proto.CommonLbConfig, at.Field("common_lb_config"));
        if (proto.LbSubsetConfig is { SubsetSelectors.Count: > 0 })
        {
            at.Error("lb_subset_config", "subsets are not supported");
        }

        if (proto.LoadBalancingPolicy is not null)
        {
            return LoadBalancingPolicies.Build(proto.LoadBalancingPolicy, common, at.Field("load_balancing_policy"));
        }

        return (BuildLegacy(proto, at), common);
    }

    private static LoadBalancerSettings BuildLegacy(ClusterProto proto, FieldScope at)
    {
        LoadBalancerSettings defaults = LoadBalancerSettings.Default;
        switch (proto.LbPolicy)
        {
            case LbPolicy.RoundRobin:
                return defaults with { SlowStart = SlowStart(proto.RoundRobinLbConfig?.SlowStartConfig, at.Field("round_robin_lb_config")) };
            case LbPolicy.LeastRequest:
                FieldScope there = at.Field("least_request_lb_config");
                return new LoadBalancerSettings
                {
                    Policy = LoadBalancerPolicy.LeastRequest,
                    ChoiceCount = proto.LeastRequestLbConfig?.ChoiceCount ?? defaults.ChoiceCount,
                    ActiveRequestBias = Bias(proto.LeastRequestLbConfig?.ActiveRequestBias, there),
                    SlowStart = SlowStart(proto.LeastRequestLbConfig?.SlowStartConfig, there),
                };
            case LbPolicy.Random:
                return new LoadBalancerSettings { Policy = LoadBalancerPolicy.Random };
            case LbPolicy.LoadBalancingPolicyConfig:
                at.Error("load_balancing_policy", "is required by lb_policy LOAD_BALANCING_POLICY_CONFIG");
                return defaults;
            default:
                at.Error("lb_policy", $"{proto.LbPolicy} is not supported");
                return defaults;
        }
    }

    /// <summary>The exponent of active requests; the value under a runtime key is not looked at.</summary>
    internal static double Bias(Envoy.Config.Core.V3.RuntimeDouble? proto, FieldScope at)
    {
        double bias = proto?.DefaultValue ?? LoadBalancerSettings.Default.ActiveRequestBias;
        if (bias < 0 || !double.IsFinite(bias))
        {
            at.Field("active_request_bias").Error("default_value", "must not be negative");
        }

        return bias;
    }

    private static SlowStartSettings? SlowStart(SlowStartProto? proto, FieldScope at)
    {
        if (proto is null)
        {
            return null;
        }

        var defaults = new SlowStartSettings();
        FieldScope there = at.Field("slow_start_config");
        return new SlowStartSettings
        {
            WindowMs = Times.Ms(proto.SlowStartWindow, 0, there, "slow_start_window"),
            Aggression = proto.Aggression?.DefaultValue ?? defaults.Aggression,
            MinWeightPercent = (uint)Percents.Read(proto.MinWeightPercent, defaults.MinWeightPercent),
        };
    }

    private static CommonLbSettings BuildCommon(ClusterProto.Types.CommonLbConfig? proto, FieldScope at)
    {
        CommonLbSettings defaults = CommonLbSettings.Default;
        if (proto is null)
        {
            return defaults with { ZoneAware = new ZoneAwareLbSettings() };
        }

        bool isWeighted = proto.LocalityConfigSpecifierCase == LocalityCase.LocalityWeightedLbConfig;
        var zone = new ZoneAwareLbSettings();
        if (proto.ZoneAwareLbConfig is { } zoneProto)
        {
            zone = new ZoneAwareLbSettings
            {
                RoutingEnabledPercent = Percents.Read(zoneProto.RoutingEnabled, zone.RoutingEnabledPercent),
                MinClusterSize = zoneProto.MinClusterSize ?? zone.MinClusterSize,
                FailTrafficOnPanic = zoneProto.FailTrafficOnPanic,
            };
        }

        return new CommonLbSettings
        {
            HealthyPanicThresholdPercent = Percents.Read(proto.HealthyPanicThreshold, defaults.HealthyPanicThresholdPercent),
            ZoneAware = isWeighted ? null : zone,
            LocalityWeighted = isWeighted,
            UpdateMergeWindowMs = Times.Ms(proto.UpdateMergeWindow, defaults.UpdateMergeWindowMs, at, "update_merge_window"),
            IgnoreNewHostsUntilFirstHc = proto.IgnoreNewHostsUntilFirstHc,
            CloseConnectionsOnHostSetChange = proto.CloseConnectionsOnHostSetChange,
        };
    }
}
