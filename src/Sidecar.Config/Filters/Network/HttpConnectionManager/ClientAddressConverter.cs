using Envoy.Config.Core.V3;
using Envoy.Extensions.Http.OriginalIpDetection.Xff.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Schema;
using HttpConnectionManagerProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager;

namespace Sidecar.Config.Filters.Network.HttpConnectionManager;

/// <summary>
/// Whom a request is believed to come from: <c>xff_num_trusted_hops</c>, or the extension that does the same. Thread: main.
/// </summary>
internal static class ClientAddressConverter
{
    public static (uint TrustedHops, bool SkipXffAppend) Build(HttpConnectionManagerProto proto, FieldScope at)
    {
        uint hops = proto.XffNumTrustedHops;
        bool skipAppend = proto.SkipXffAppend;
        int count = proto.OriginalIpDetectionExtensions.Count;
        if (count > 0 && (proto.UseRemoteAddress is true || hops > 0))
        {
            at.Error("original_ip_detection_extensions", "cannot be given together with use_remote_address or xff_num_trusted_hops");
        }

        for (int i = 0; i < count; i++)
        {
            TypedExtensionConfig extension = proto.OriginalIpDetectionExtensions[i];
            FieldScope there = at.Item("original_ip_detection_extensions", i).Field("typed_config");
            if (i > 0 || extension.TypedConfig is null || !TypedConfig.Is<XffConfig>(extension.TypedConfig))
            {
                ExtensionTable.Unknown("original IP detection", extension.Name, extension.TypedConfig, there);
            }
            else if (there.Parse<XffConfig>(extension.TypedConfig) is { } xff)
            {
                // The extension, unlike the field, leaves the header as it came.
                hops = xff.XffNumTrustedHops;
                skipAppend = true;
            }
        }

        return (hops, skipAppend);
    }
}
