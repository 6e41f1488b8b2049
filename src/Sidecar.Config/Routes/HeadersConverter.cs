using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.HeaderMutations;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Substitution;
using AppendActionProto = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using HeaderValueOptionProto = Envoy.Config.Core.V3.HeaderValueOption;

namespace Sidecar.Config.Routes;

/// <summary>The four header lists that each level of a route table has. Thread: main.</summary>
internal static class HeadersConverter
{
    public static HeadersConfig Build(
        RepeatedField<HeaderValueOptionProto> requestAdd,
        RepeatedField<string> requestRemove,
        RepeatedField<HeaderValueOptionProto> responseAdd,
        RepeatedField<string> responseRemove,
        FieldScope at)
    {
        if (requestAdd.Count + requestRemove.Count + responseAdd.Count + responseRemove.Count == 0)
        {
            return HeadersConfig.None;
        }

        return new HeadersConfig
        {
            RequestHeadersToAdd = Add(requestAdd, at, "request_headers_to_add"),
            RequestHeadersToRemove = Remove(requestRemove, at, "request_headers_to_remove"),
            ResponseHeadersToAdd = Add(responseAdd, at, "response_headers_to_add"),
            ResponseHeadersToRemove = Remove(responseRemove, at, "response_headers_to_remove"),
        };
    }

    private static HeaderValueOptionConfig[] Add(RepeatedField<HeaderValueOptionProto> protos, FieldScope at, string field)
    {
        var options = new HeaderValueOptionConfig[protos.Count];
        for (int i = 0; i < options.Length; i++)
        {
            FieldScope there = at.Item(field, i);
            options[i] = Build(protos[i], there);
            Check([options[i]], [], there.Field("header"));
        }

        return options;
    }

    private static string[] Remove(RepeatedField<string> names, FieldScope at, string field)
    {
        for (int i = 0; i < names.Count; i++)
        {
            Check([], [names[i]], at.Item(field, i));
        }

        return [.. names];
    }

    private static HeaderValueOptionConfig Build(HeaderValueOptionProto proto, FieldScope at)
    {
        if (proto.Header.RawValue.Length > 0 && proto.Header.Value.Length > 0)
        {
            at.Field("header").Error("only one of value and raw_value can be given");
        }

        return new HeaderValueOptionConfig
        {
            Key = proto.Header.Key,
            Value = proto.Header.RawValue.Length > 0 ? proto.Header.RawValue.ToStringUtf8() : proto.Header.Value,
            AppendAction = ActionOf(proto, at),
            KeepEmptyValue = proto.KeepEmptyValue,
        };
    }

    /// <summary>The older <c>append: false</c> means to overwrite; it may not contradict <c>append_action</c>.</summary>
    private static HeaderAppendAction ActionOf(HeaderValueOptionProto proto, FieldScope at)
    {
        if (proto.Append is { } append)
        {
            if (proto.AppendAction != AppendActionProto.AppendIfExistsOrAdd)
            {
                at.Error("append_action", "cannot be given together with append");
            }

            return append ? HeaderAppendAction.AppendIfExistsOrAdd : HeaderAppendAction.OverwriteIfExistsOrAdd;
        }

        return proto.AppendAction switch
        {
            AppendActionProto.AddIfAbsent => HeaderAppendAction.AddIfAbsent,
            AppendActionProto.OverwriteIfExistsOrAdd => HeaderAppendAction.OverwriteIfExistsOrAdd,
            AppendActionProto.OverwriteIfExists => HeaderAppendAction.OverwriteIfExists,
            _ => HeaderAppendAction.AppendIfExistsOrAdd,
        };
    }

    /// <summary>Compiles one change alone, so that what is wrong is told with its place.</summary>
    private static void Check(IReadOnlyList<HeaderValueOptionConfig> add, IReadOnlyList<string> remove, FieldScope at)
    {
        try
        {
            HeaderMutation.Create(add, remove);
        }
        catch (HeaderMutationException wrong)
        {
            at.Error(wrong.Message);
        }
        catch (SubstitutionFormatException wrong)
        {
            at.Error("value", wrong.Message);
        }
    }
}
