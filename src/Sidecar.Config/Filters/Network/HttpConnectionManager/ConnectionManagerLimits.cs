using Envoy.Extensions.RequestId.Uuid.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Schema;
using CodecTypeProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.CodecType;
using ForwardProto =
    Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.ForwardClientCertDetails;
using HttpConnectionManagerProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager;
using SlashesProto =
    Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.PathWithEscapedSlashesAction;

namespace Sidecar.Config.Filters.Network.HttpConnectionManager;

/// <summary>
/// What a connection manager cannot do yet and must not silently leave undone: whatever decides how requests are read, whom they are
/// believed to come from, or where they go. Thread: main.
/// </summary>
internal static class ConnectionManagerLimits
{
    public static void Check(HttpConnectionManagerProto proto, FieldScope at)
    {
        if (proto.CodecType == CodecTypeProto.Http3)
        {
            at.Error("codec_type", "HTTP/3 is not supported");
        }

        // Without mutual TLS every other mode drops the header.
        if (proto.ForwardClientCertDetails == ForwardProto.AlwaysForwardOnly)
        {
            at.Error("forward_client_cert_details", "ALWAYS_FORWARD_ONLY is not supported");
        }

        CheckPaths(proto, at);
        if (proto.RequestIdExtension?.TypedConfig is { } requestId && !TypedConfig.Is<UuidRequestIdConfig>(requestId))
        {
            ExtensionTable.Unknown("request id extension", string.Empty, requestId, at.Field("request_id_extension").Field("typed_config"));
        }

        for (int i = 0; i < proto.EarlyHeaderMutationExtensions.Count; i++)
        {
            Envoy.Config.Core.V3.TypedExtensionConfig extension = proto.EarlyHeaderMutationExtensions[i];
            ExtensionTable.Unknown("early header mutation", extension.Name, extension.TypedConfig, at.Item("early_header_mutation_extensions", i));
        }
    }

    private static void CheckPaths(HttpConnectionManagerProto proto, FieldScope at)
    {
        if (proto.NormalizePath is true)
        {
            at.Error("normalize_path", "paths are not normalized");
        }

        if (proto.MergeSlashes)
        {
            at.Error("merge_slashes", "slashes are not merged");
        }

        if (proto.PathWithEscapedSlashesAction is not (SlashesProto.ImplementationSpecificDefault or SlashesProto.KeepUnchanged))
        {
            at.Error("path_with_escaped_slashes_action", "escaped slashes are kept unchanged");
        }

        if (proto.StripTrailingHostDot)
        {
            at.Error("strip_trailing_host_dot", "the dot is not stripped");
        }
    }
}
