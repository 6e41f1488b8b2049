using System;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>Whose metadata an operator reads.</summary>
internal enum MetadataSource : byte
{
    Dynamic = 0,
    Cluster,
    Route,
    UpstreamHost,
    VirtualHost,
}

/// <summary>
/// <c>%DYNAMIC_METADATA(NAMESPACE:KEY*):Z%</c> and its kin. Text is printed as it is, everything else as JSON.
/// </summary>
internal sealed class MetadataOperator : CommandOperator
{
    private readonly MetadataSource _source;
    private readonly string _filter;
    private readonly string[] _path;

    private MetadataOperator(MetadataSource source, string filter, string[] path)
    {
        _source = source;
        _filter = filter;
        _path = path;
    }

    public static MetadataOperator Create(MetadataSource source, FormatCommand command) => Create(source, command.RequireArgument());

    /// <summary><c>%METADATA(TYPE:NAMESPACE:KEY)%</c>.</summary>
    public static CommandOperator CreateTyped(FormatCommand command)
    {
        string argument = command.RequireArgument();
        int colon = argument.IndexOf(':');
        string type = colon < 0 ? argument : argument[..colon];
        MetadataSource source = type switch
        {
            "DYNAMIC" => MetadataSource.Dynamic,
            "CLUSTER" => MetadataSource.Cluster,
            "ROUTE" => MetadataSource.Route,
            "UPSTREAM_HOST" => MetadataSource.UpstreamHost,
            "VIRTUAL_HOST" => MetadataSource.VirtualHost,
            _ => throw new SubstitutionFormatException($"{type} is not supported type of metadata"),
        };
        return Create(source, colon < 0 ? string.Empty : argument[(colon + 1)..]);
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        StructValue? value = Find(context.Info);
        if (value is null)
        {
            return false;
        }

        if (value.Kind == StructValueKind.Text)
        {
            output.Append(value.TextValue);
        }
        else
        {
            JsonText.Append(output, value);
        }

        return true;
    }

    public override bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output)
    {
        StructValue? value = Find(context.Info);
        if (value is null || value.Kind == StructValueKind.Text)
        {
            return value is not null && base.TryWriteJson(in context, maxBytes, output);
        }

        JsonText.Append(output, value);
        return true;
    }

    private static MetadataOperator Create(MetadataSource source, string argument)
    {
        // Header formats of old spell the path as a JSON array: ["namespace", "key"].
        string[] keys = argument.StartsWith('[')
            ? argument.Trim('[', ']').Replace("\"", string.Empty, StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries)
            : argument.Split(':');
        return new MetadataOperator(source, keys[0], keys[1..]);
    }

    private StructValue? Find(StreamInfo info) => _source switch
    {
        MetadataSource.Dynamic => info.DynamicMetadata.Find(_filter, _path),
        MetadataSource.Cluster => info.Upstream.ClusterMetadata?.Find(_filter, _path),
        MetadataSource.UpstreamHost => info.Upstream.HostMetadata?.Find(_filter, _path),
        MetadataSource.Route => info.Route?.Metadata.Find(_filter, _path),
        _ => info.Route?.VirtualHost.Metadata.Find(_filter, _path),
    };
}

/// <summary><c>%FILTER_STATE(KEY:F):Z%</c>, where F is PLAIN or TYPED.</summary>
internal sealed class FilterStateOperator(string key, bool quoted) : CommandOperator
{
    public static FilterStateOperator Create(FormatCommand command)
    {
        string[] parts = command.RequireArgument().Split(':');
        string style = parts.Length > 1 ? parts[1] : "TYPED";
        if (parts[0].Length == 0 || style is not ("PLAIN" or "TYPED") || parts.Length > 2)
        {
            throw new SubstitutionFormatException("Invalid filter state serialize type, only support PLAIN/TYPED.");
        }

        return new FilterStateOperator(parts[0], quoted: style == "TYPED");
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        FilterStateObject? value = context.Info.FilterState.Find(key);
        if (value is null)
        {
            return false;
        }

        // A typed object is printed as JSON, and text in JSON has quotes.
        return quoted ? TryWriteJson(value, output) : value.TryWriteText(output);
    }

    public override bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output)
    {
        FilterStateObject? value = context.Info.FilterState.Find(key);
        return value is not null && TryWriteJson(value, output);
    }

    private static bool TryWriteJson(FilterStateObject value, TextBuffer output)
    {
        int start = output.Length;
        output.Append((byte)'"');
        if (!value.TryWriteText(output))
        {
            output.Truncate(start);
            return false;
        }

        JsonText.EscapeFrom(output, start + 1);
        output.Append((byte)'"');
        return true;
    }
}
