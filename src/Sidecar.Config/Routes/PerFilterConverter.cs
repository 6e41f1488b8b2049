using System.Collections.Generic;
using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Config.Schema;
using Sidecar.Proxy.Routing;

namespace Sidecar.Config.Routes;

/// <summary><c>typed_per_filter_config</c>: what single filters do differently on a route. Thread: main.</summary>
internal static class PerFilterConverter
{
    public static IReadOnlyDictionary<string, object> Build(MapField<string, Any> protos, FieldScope at)
    {
        if (protos.Count == 0)
        {
            return PerFilterConfig.None;
        }

        var configs = new Dictionary<string, object>(protos.Count);
        foreach (KeyValuePair<string, Any> entry in protos)
        {
            FieldScope there = at.Entry("typed_per_filter_config", entry.Key);
            Any config = entry.Value;
            bool isOptional = false;
            if (TypedConfig.Is<FilterConfig>(config))
            {
                if (there.Parse<FilterConfig>(config) is not { } wrapper)
                {
                    continue;
                }

                isOptional = wrapper.IsOptional;
                if (wrapper.Disabled)
                {
                    there.Error("disabled", "switching filters off on a route is not supported");
                }

                if (wrapper.Config is null)
                {
                    continue;
                }

                config = wrapper.Config;
                there = there.Field("config");
            }

            if (ExtensionTable.PerRouteFilterConfig(entry.Key, config, isOptional, there) is { } built)
            {
                configs[entry.Key] = built;
            }
        }

        return configs;
    }
}
