using System.Collections.Generic;
using Envoy.Config.Cluster.V3;
using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Config.Schema;
using Sidecar.Config.Values;
using Sidecar.Upstream.Clusters;
using RandomProto = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;
using RoundRobinProto = Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3.RoundRobin;

namespace Sidecar.Config.Clusters;

/// <summary>
/// <c>load_balancing_policy</c>: a list of policies by preference, of which the first known one is taken, so that a control plane can
/// name newer ones before older ones. Thread: main.
/// </summary>
internal static class LoadBalancingPolicies
{
    public static (LoadBalancerSettings Balancer, CommonLbSettings Common) Build(
        LoadBalancingPolicy proto, CommonLbSettings common, FieldScope at)
    {
        // With the list, locality is the policies' own business.
        common = common with { LocalityWeighted = false, ZoneAware = null };
        var unknown = new List<string>();
        for (int i = 0; i < proto.Policies.Count; i++)
        {
            Any? config = proto.Policies[i].TypedExtensionConfig?.TypedConfig;
            FieldScope there = at.Item("policies", i).Field("typed_extension_config").Field("typed_config");
            if (config is not null && TryBuild(config, ref common, there, out LoadBalancerSettings? settings))
            {
                return (settings ?? LoadBalancerSettings.Default, common);
            }

            unknown.Add(config is null ? "\"\"" : $"\"{TypedConfig.TypeUrlOf(config)}\"");
        }

        at.Error("policies", $"none of these load balancing policies is supported: {string.Join(", ", unknown)}");
        return (LoadBalancerSettings.Default, common);
    }

    /// <summary>False when the policy is not known; null, with the error told, when it is and its content is wrong.</summary>
    private static bool TryBuild(Any config, ref CommonLbSettings common, FieldScope at, out LoadBalancerSettings? settings)
    {
        settings = null;
        if (TypedConfig.Is<RoundRobinProto>(config))
        {
            if (at.Parse<RoundRobinProto>(config) is { } roundRobin)
            {
                common = WithLocality(common, roundRobin.LocalityLbConfig);
                settings = new LoadBalancerSettings { SlowStart = SlowStart(roundRobin.SlowStartConfig, at) };
            }

            return true;
        }

        if (TypedConfig.Is<LeastRequest>(config))
        {
            if (at.Parse<LeastRequest>(config) is { } leastRequest)
            {
                common = WithLocality(common, leastRequest.LocalityLbConfig);
                settings = Build(leastRequest, at);
            }

            return true;
        }

        if (TypedConfig.Is<RandomProto>(config))
        {
            if (at.Parse<RandomProto>(config) is { } random)
            {
                common = WithLocality(common, random.LocalityLbConfig);
                settings = new LoadBalancerSettings { Policy = LoadBalancerPolicy.Random };
            }

            return true;
        }

        if (TypedConfig.Is<WrrLocality>(config))
        {
            if (at.Parse<WrrLocality>(config) is { EndpointPickingPolicy: { } inner })
            {
                (settings, common) = Build(inner, common, at.Field("endpoint_picking_policy"));
                common = common with { LocalityWeighted = true, ZoneAware = null };
            }

            return true;
        }

        return false;
    }

    private static LoadBalancerSettings Build(LeastRequest proto, FieldScope at)
    {
        LoadBalancerSettings defaults = LoadBalancerSettings.Default;
        if (proto.SelectionMethod == LeastRequest.Types.SelectionMethod.FullScan)
        {
            at.Unsupported("selection_method", "hosts are chosen by N_CHOICES");
        }

        return new LoadBalancerSettings
        {
            Policy = LoadBalancerPolicy.LeastRequest,
            ChoiceCount = proto.ChoiceCount ?? defaults.ChoiceCount,
            ActiveRequestBias = LoadBalancerConverter.Bias(proto.ActiveRequestBias, at),
            SlowStart = SlowStart(proto.SlowStartConfig, at),
        };
    }

    private static CommonLbSettings WithLocality(CommonLbSettings common, LocalityLbConfig? proto)
    {
        switch (proto?.LocalityConfigSpecifierCase)
        {
            case LocalityLbConfig.LocalityConfigSpecifierOneofCase.LocalityWeightedLbConfig:
                return common with { LocalityWeighted = true };
            case LocalityLbConfig.LocalityConfigSpecifierOneofCase.ZoneAwareLbConfig:
                var defaults = new ZoneAwareLbSettings();
                return common with
                {
                    ZoneAware = new ZoneAwareLbSettings
                    {
                        RoutingEnabledPercent = Percents.Read(proto.ZoneAwareLbConfig.RoutingEnabled, defaults.RoutingEnabledPercent),
                        MinClusterSize = proto.ZoneAwareLbConfig.MinClusterSize ?? defaults.MinClusterSize,
                        FailTrafficOnPanic = proto.ZoneAwareLbConfig.FailTrafficOnPanic,
                    },
                };
            default:
                return common;
        }
    }

    private static SlowStartSettings? SlowStart(SlowStartConfig? proto, FieldScope at)
    {
        if (proto is null)
        {
            return null;
        }

        var defaults = new SlowStartSettings();
        return new SlowStartSettings
        {
            WindowMs = Times.Ms(proto.SlowStartWindow, 0, at.Field("slow_start_config"), "slow_start_window"),
            Aggression = proto.Aggression?.DefaultValue ?? defaults.Aggression,
            MinWeightPercent = (uint)Percents.Read(proto.MinWeightPercent, defaults.MinWeightPercent),
        };
    }
}
