using System.Text;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Substitution;
using FormatCase = Envoy.Config.Core.V3.SubstitutionFormatString.FormatOneofCase;
using FormatProto = Envoy.Config.Core.V3.SubstitutionFormatString;

namespace Sidecar.Config.AccessLoggers;

/// <summary><c>SubstitutionFormatString</c>, and the older ways to spell one. Thread: main.</summary>
internal static class LogFormatConverter
{
    private const int MaxFormatBytes = 64 * 1024;
    private const string FormattersBuiltIn = "type.googleapis.com/envoy.extensions.formatter.";

    /// <summary>The format; the default one when none is given, or when an error was told.</summary>
    public static AccessLogFormatter Build(FormatProto? proto, FieldScope at)
    {
        if (proto is null)
        {
            return AccessLogFormatter.Default;
        }

        CheckFormatters(proto, at);
        switch (proto.FormatCase)
        {
            case FormatCase.TextFormat:
                return Text(proto.TextFormat, proto.OmitEmptyValues, at.Field("text_format"));
            case FormatCase.TextFormatSource:
                FieldScope source = at.Field("text_format_source");
                string text = Encoding.UTF8.GetString(DataSourceConverter.Read(proto.TextFormatSource, MaxFormatBytes, source));
                return Text(text, proto.OmitEmptyValues, source);
            case FormatCase.JsonFormat:
                return Json(proto.JsonFormat, proto.OmitEmptyValues, at.Field("json_format"));
            default:
                return AccessLogFormatter.Default;
        }
    }

    /// <summary>A text format; an empty one is the default, as in Envoy.</summary>
    public static AccessLogFormatter Text(string format, bool omitEmptyValues, FieldScope at)
    {
        if (format.Length == 0)
        {
            return AccessLogFormatter.Default;
        }

        try
        {
            return AccessLogFormatter.Text(format, omitEmptyValues);
        }
        catch (SubstitutionFormatException wrong)
        {
            at.Error(wrong.Message);
            return AccessLogFormatter.Default;
        }
    }

    public static AccessLogFormatter Json(Struct format, bool omitEmptyValues, FieldScope at)
    {
        try
        {
            return AccessLogFormatter.Json(StructConverter.Build(format), omitEmptyValues);
        }
        catch (SubstitutionFormatException wrong)
        {
            at.Error(wrong.Message);
            return AccessLogFormatter.Default;
        }
    }

    /// <summary>The operators of Envoy's formatter extensions for metadata and for paths without queries need no extension here.</summary>
    private static void CheckFormatters(FormatProto proto, FieldScope at)
    {
        for (int i = 0; i < proto.Formatters.Count; i++)
        {
            string typeUrl = proto.Formatters[i].TypedConfig?.TypeUrl ?? string.Empty;
            if (typeUrl is not (FormattersBuiltIn + "metadata.v3.Metadata" or FormattersBuiltIn + "req_without_query.v3.ReqWithoutQuery"))
            {
                ExtensionTable.Unknown("formatter", proto.Formatters[i].Name, proto.Formatters[i].TypedConfig, at.Item("formatters", i));
            }
        }
    }
}
