using System.Diagnostics.CodeAnalysis;
using Sidecar.Config.Conversion;
using ApiType = Envoy.Config.Core.V3.ApiConfigSource.Types.ApiType;
using ConfigSourceProto = Envoy.Config.Core.V3.ConfigSource;

namespace Sidecar.Config.Values;

/// <summary><c>envoy.config.core.v3.ConfigSource</c>: where a resource comes from. Thread: main.</summary>
internal static class ConfigSourceConverter
{
    /// <summary>True when it names a source that can be subscribed to; the errors are told otherwise.</summary>
    public static bool Check([NotNullWhen(true)] ConfigSourceProto? proto, FieldScope at)
    {
        switch (proto?.ConfigSourceSpecifierCase)
        {
            case ConfigSourceProto.ConfigSourceSpecifierOneofCase.Ads:
            case ConfigSourceProto.ConfigSourceSpecifierOneofCase.Self:
            case ConfigSourceProto.ConfigSourceSpecifierOneofCase.Path:
            case ConfigSourceProto.ConfigSourceSpecifierOneofCase.PathConfigSource:
                return true;
            case ConfigSourceProto.ConfigSourceSpecifierOneofCase.ApiConfigSource:
                return CheckApi(proto, at.Field("api_config_source"));
            default:
                at.Error("a configuration source is required");
                return false;
        }
    }

    private static bool CheckApi(ConfigSourceProto proto, FieldScope at)
    {
        switch (proto.ApiConfigSource.ApiType)
        {
            case ApiType.AggregatedGrpc:
            case ApiType.AggregatedDeltaGrpc:
                return true;
            case ApiType.Grpc:
            case ApiType.DeltaGrpc:
                if (proto.ApiConfigSource.GrpcServices.Count != 1)
                {
                    at.Error("grpc_services", "one service is required");
                }

                return proto.ApiConfigSource.GrpcServices.Count == 1;
            default:
                at.Error("api_type", "only gRPC is supported");
                return false;
        }
    }
}
