using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Values;
using Sidecar.Core.Errors;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Substitution;
using AccessLogFilterProto = Envoy.Config.Accesslog.V3.AccessLogFilter;
using AccessLogTypeProto = Envoy.Data.Accesslog.V3.AccessLogType;
using ComparisonProto = Envoy.Config.Accesslog.V3.ComparisonFilter;
using FilterCase = Envoy.Config.Accesslog.V3.AccessLogFilter.FilterSpecifierOneofCase;

namespace Sidecar.Config.AccessLoggers;

/// <summary><c>envoy.config.accesslog.v3.AccessLogFilter</c>. Thread: main.</summary>
internal static class AccessLogFilterConverter
{
    /// <summary>Null, with the error told, when the kind is not supported.</summary>
    public static AccessLogFilterConfig? Build(AccessLogFilterProto proto, FieldScope at)
    {
        switch (proto.FilterSpecifierCase)
        {
            case FilterCase.StatusCodeFilter:
                (ComparisonOp op, uint value) = Comparison(proto.StatusCodeFilter.Comparison, at);
                return new AccessLogFilterConfig.StatusCode(op, value);
            case FilterCase.DurationFilter:
                (ComparisonOp durationOp, uint durationMs) = Comparison(proto.DurationFilter.Comparison, at);
                return new AccessLogFilterConfig.Duration(durationOp, durationMs);
            case FilterCase.NotHealthCheckFilter:
                return new AccessLogFilterConfig.NotHealthCheck();
            case FilterCase.TraceableFilter:
                return new AccessLogFilterConfig.Traceable();
            case FilterCase.RuntimeFilter:
                return new AccessLogFilterConfig.Runtime(
                    RuntimeFractions.Build(proto.RuntimeFilter.PercentSampled, proto.RuntimeFilter.RuntimeKey, at.Field("runtime_filter")),
                    proto.RuntimeFilter.UseIndependentRandomness);
            case FilterCase.AndFilter:
                return new AccessLogFilterConfig.And(Build(proto.AndFilter.Filters, at.Field("and_filter")));
            case FilterCase.OrFilter:
                return new AccessLogFilterConfig.Or(Build(proto.OrFilter.Filters, at.Field("or_filter")));
            case FilterCase.HeaderFilter:
                FieldScope header = at.Field("header_filter").Field("header");
                return new AccessLogFilterConfig.Header(HeaderMatcherConverter.Build(proto.HeaderFilter.Header, header));
            case FilterCase.ResponseFlagFilter:
                return new AccessLogFilterConfig.ResponseFlag(Flags(proto.ResponseFlagFilter.Flags, at.Field("response_flag_filter")));
            case FilterCase.GrpcStatusFilter:
                return new AccessLogFilterConfig.GrpcStatus(Statuses(proto), proto.GrpcStatusFilter.Exclude);
            case FilterCase.MetadataFilter:
                FieldScope matcher = at.Field("metadata_filter").Field("matcher");
                return new AccessLogFilterConfig.Metadata(
                    proto.MetadataFilter.Matcher is null ? null : MetadataMatcherConverter.Build(proto.MetadataFilter.Matcher, matcher),
                    proto.MetadataFilter.MatchIfKeyNotFound ?? true);
            case FilterCase.LogTypeFilter:
                return new AccessLogFilterConfig.LogType(Types(proto), proto.LogTypeFilter.Exclude);
            case FilterCase.ExtensionFilter:
                ExtensionTable.Unknown("access log filter", proto.ExtensionFilter.Name, proto.ExtensionFilter.TypedConfig, at.Field("extension_filter"));
                return null;
            default:
                at.Error("this kind of access log filter is not supported");
                return null;
        }
    }

    private static List<AccessLogFilterConfig> Build(RepeatedField<AccessLogFilterProto> protos, FieldScope at)
    {
        var filters = new List<AccessLogFilterConfig>(protos.Count);
        for (int i = 0; i < protos.Count; i++)
        {
            if (Build(protos[i], at.Item("filters", i)) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return filters;
    }

    private static (ComparisonOp Op, uint Value) Comparison(ComparisonProto proto, FieldScope at)
    {
        ComparisonOp op = proto.Op switch
        {
            ComparisonProto.Types.Op.Ge => ComparisonOp.Ge,
            ComparisonProto.Types.Op.Le => ComparisonOp.Le,
            _ => ComparisonOp.Eq,
        };
        long value = at.Services.Runtime.Integer(proto.Value.RuntimeKey, proto.Value.DefaultValue);
        return (op, (uint)long.Clamp(value, 0, uint.MaxValue));
    }

    private static ResponseFlags Flags(RepeatedField<string> names, FieldScope at)
    {
        ResponseFlags flags = ResponseFlags.None;
        for (int i = 0; i < names.Count; i++)
        {
            if (ResponseFlagNames.TryParse(names[i], out ResponseFlags flag))
            {
                flags |= flag;
            }
            else
            {
                at.Item("flags", i).Error($"there is no response flag \"{names[i]}\"");
            }
        }

        return flags;
    }

    private static List<int> Statuses(AccessLogFilterProto proto)
    {
        var statuses = new List<int>(proto.GrpcStatusFilter.Statuses.Count);
        foreach (Envoy.Config.Accesslog.V3.GrpcStatusFilter.Types.Status status in proto.GrpcStatusFilter.Statuses)
        {
            statuses.Add((int)status);
        }

        return statuses;
    }

    private static List<AccessLogType> Types(AccessLogFilterProto proto)
    {
        var types = new List<AccessLogType>(proto.LogTypeFilter.Types_.Count);
        foreach (AccessLogTypeProto type in proto.LogTypeFilter.Types_)
        {
            types.Add((AccessLogType)(int)type);
        }

        return types;
    }
}
