using System.Text;
using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;
using HeaderFormat = Envoy.Config.Core.V3.Http1ProtocolOptions.Types.HeaderKeyFormat.HeaderFormatOneofCase;

namespace Sidecar.Config.HttpProtocols;

/// <summary><c>Http1ProtocolOptions</c>, of a connection manager or of a cluster. Thread: main.</summary>
internal static class Http1SettingsConverter
{
    /// <param name="proto">Null when not set.</param>
    /// <param name="limits">The limits that stand beside it in the API.</param>
    /// <param name="streamErrorOnInvalid">What holds when <c>override_stream_error_on_invalid_http_message</c> is not set.</param>
    /// <param name="at">Where it stands.</param>
    public static Http1Settings Build(Http1ProtocolOptions? proto, HeaderLimits limits, bool streamErrorOnInvalid, FieldScope at)
    {
        proto ??= new Http1ProtocolOptions();
        return new Http1Settings
        {
            MaxHeadersKb = limits.MaxKb,
            MaxHeadersCount = limits.MaxCount,
            UnderscoresAction = (HeadersWithUnderscoresAction)limits.UnderscoresAction,
            AllowAbsoluteUrl = proto.AllowAbsoluteUrl ?? true,
            AcceptHttp10 = proto.AcceptHttp10,
            DefaultHostForHttp10 = proto.DefaultHostForHttp10.Length > 0 ? Encoding.UTF8.GetBytes(proto.DefaultHostForHttp10) : null,
            EnableTrailers = proto.EnableTrailers,
            AllowChunkedLength = proto.AllowChunkedLength,
            AllowCustomMethods = proto.AllowCustomMethods,
            SendFullyQualifiedUrl = proto.SendFullyQualifiedUrl,
            HeaderCase = HeaderCase(proto, at),
            StreamErrorOnInvalidMessage = proto.OverrideStreamErrorOnInvalidHttpMessage ?? streamErrorOnInvalid,
        };
    }

    private static Http1HeaderCase HeaderCase(Http1ProtocolOptions proto, FieldScope at)
    {
        switch (proto.HeaderKeyFormat?.HeaderFormatCase)
        {
            case HeaderFormat.ProperCaseWords:
                return Http1HeaderCase.ProperCase;
            case HeaderFormat.StatefulFormatter:
                at.Field("header_key_format").Unsupported("stateful_formatter", "names are written in lower case");
                return Http1HeaderCase.Lower;
            default:
                return Http1HeaderCase.Lower;
        }
    }
}
