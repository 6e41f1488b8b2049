using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Substitution;

/// <summary>Makes the operators with arguments; the ones without stand in <see cref="SimpleOperators"/>. Main thread.</summary>
internal static class CommandOperators
{
    private static readonly Dictionary<string, Func<FormatCommand, CommandOperator>> s_factories = new()
    {
        ["REQ"] = static c => HeaderOperator.Create(c, MessagePart.RequestHeaders),
        ["REQUEST_HEADER"] = static c => HeaderOperator.Create(c, MessagePart.RequestHeaders),
        ["REQ_WITHOUT_QUERY"] = static c => HeaderOperator.Create(c, MessagePart.RequestHeaders, withoutQuery: true),
        ["RESP"] = static c => HeaderOperator.Create(c, MessagePart.ResponseHeaders),
        ["RESPONSE_HEADER"] = static c => HeaderOperator.Create(c, MessagePart.ResponseHeaders),
        ["TRAILER"] = static c => HeaderOperator.Create(c, MessagePart.ResponseTrailers),
        ["RESPONSE_TRAILER"] = static c => HeaderOperator.Create(c, MessagePart.ResponseTrailers),
        ["PATH"] = PathOperator.Create,
        ["QUERY_PARAM"] = static c => new QueryParameterOperator(c.RequireArgument()),
        ["START_TIME"] = static c => TimeOperator.Create(c, TimePoint.Start, local: false),
        ["START_TIME_LOCAL"] = static c => TimeOperator.Create(c, TimePoint.Start, local: true),
        ["EMIT_TIME"] = static c => TimeOperator.Create(c, TimePoint.Emit, local: false),
        ["EMIT_TIME_LOCAL"] = static c => TimeOperator.Create(c, TimePoint.Emit, local: true),
        ["COMMON_DURATION"] = CommonDurationOperator.Create,
        ["GRPC_STATUS"] = GrpcStatusOperator.Create,
        ["GRPC_STATUS_NUMBER"] = static _ => new GrpcStatusOperator(GrpcStatusStyle.Number),
        ["RESPONSE_CODE_DETAILS"] = ResponseCodeDetailsOperator.Create,
        ["DYNAMIC_METADATA"] = static c => MetadataOperator.Create(MetadataSource.Dynamic, c),
        ["CLUSTER_METADATA"] = static c => MetadataOperator.Create(MetadataSource.Cluster, c),
        ["UPSTREAM_METADATA"] = static c => MetadataOperator.Create(MetadataSource.UpstreamHost, c),
        ["METADATA"] = MetadataOperator.CreateTyped,
        ["FILTER_STATE"] = FilterStateOperator.Create,
        ["PER_REQUEST_STATE"] = static c => new FilterStateOperator(c.RequireArgument(), quoted: false),
        ["ENVIRONMENT"] = static c => new ConstantOperator(Environment.GetEnvironmentVariable(c.RequireArgument())),
        ["HOSTNAME"] = static _ => new ConstantOperator(Environment.MachineName),
    };

    /// <exception cref="SubstitutionFormatException">There is no such operator, or its arguments are wrong.</exception>
    public static CommandOperator Create(FormatCommand command)
    {
        if (s_factories.TryGetValue(command.Name, out Func<FormatCommand, CommandOperator>? factory))
        {
            return factory(command);
        }

        CommandOperator? simple = SimpleOperators.Find(command.Name);
        if (simple is null)
        {
            throw new SubstitutionFormatException($"Not supported field in StreamInfo: {command.Name}");
        }

        if (!string.IsNullOrEmpty(command.Argument))
        {
            throw new SubstitutionFormatException(string.Create(CultureInfo.InvariantCulture, $"{command.Name} does not take parameters"));
        }

        return simple;
    }

    /// <summary>A value known when the format is compiled; missing when it is empty.</summary>
    private sealed class ConstantOperator(string? value) : CommandOperator
    {
        private readonly byte[] _value = Encoding.UTF8.GetBytes(value ?? string.Empty);

        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            output.Append(_value);
            return _value.Length > 0;
        }
    }

    private sealed class QueryParameterOperator(string name) : CommandOperator
    {
        private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

        public override bool TryWrite(in FormatContext context, TextBuffer output)
        {
            if (!QueryParameters.TryGet(context.RequestHeaders.Get(HeaderId.Path), _name, out ReadOnlySpan<byte> value))
            {
                return false;
            }

            output.Append(value);
            return true;
        }
    }
}
