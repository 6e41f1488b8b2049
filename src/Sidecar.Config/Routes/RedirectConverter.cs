using System;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using CodeProto = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;
using DirectResponseProto = Envoy.Config.Route.V3.DirectResponseAction;
using PathCase = Envoy.Config.Route.V3.RedirectAction.PathRewriteSpecifierOneofCase;
using RedirectProto = Envoy.Config.Route.V3.RedirectAction;

namespace Sidecar.Config.Routes;

/// <summary>Routes that are answered here: <c>RedirectAction</c> and <c>DirectResponseAction</c>. Thread: main.</summary>
internal static class RedirectConverter
{
    public static RedirectActionConfig Build(RedirectProto proto, FieldScope at) => new()
    {
        HttpsRedirect = proto.HttpsRedirect,
        SchemeRedirect = proto.SchemeRedirect,
        HostRedirect = proto.HostRedirect,
        PortRedirect = proto.PortRedirect,
        PathRedirect = proto.PathRedirect,
        PrefixRewrite = proto.PathRewriteSpecifierCase == PathCase.PrefixRewrite ? proto.PrefixRewrite : string.Empty,
        RegexRewrite = StringMatcherConverter.Build(proto.RegexRewrite, at.Field("regex_rewrite")),
        ResponseCode = proto.ResponseCode switch
        {
            CodeProto.Found => 302,
            CodeProto.SeeOther => 303,
            CodeProto.TemporaryRedirect => 307,
            CodeProto.PermanentRedirect => 308,
            _ => 301,
        },
        StripQuery = proto.StripQuery,
    };

    public static DirectResponseActionConfig Build(DirectResponseProto proto, int maxBodyBytes, FieldScope at)
    {
        byte[] body = proto.Body is null ? [] : DataSourceConverter.Read(proto.Body, maxBodyBytes, at.Field("body"));
        return new DirectResponseActionConfig((int)Math.Min(proto.Status, 999), body);
    }
}
