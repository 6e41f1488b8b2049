using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.AccessLog;
using AccessLogProto = Envoy.Config.Accesslog.V3.AccessLog;

namespace Sidecar.Config.AccessLoggers;

/// <summary><c>envoy.config.accesslog.v3.AccessLog</c>. Thread: main.</summary>
internal static class AccessLogConverter
{
    public static IReadOnlyList<AccessLogger> Build(RepeatedField<AccessLogProto> protos, FieldScope at, string field)
    {
        if (protos.Count == 0)
        {
            return [];
        }

        var loggers = new List<AccessLogger>(protos.Count);
        for (int i = 0; i < protos.Count; i++)
        {
            FieldScope there = at.Item(field, i);
            AccessLogFilterConfig? filter = protos[i].Filter is null
                ? null
                : AccessLogFilterConverter.Build(protos[i].Filter, there.Field("filter"));
            AccessLogFilter? compiled = filter is null ? null : AccessLogFilter.Create(filter);
            if (ExtensionTable.AccessLogger(protos[i], compiled, there.Field("typed_config")) is { } logger)
            {
                loggers.Add(logger);
            }
        }

        return loggers;
    }
}
