using System;
using System.Text;

namespace Sidecar.Server.Admin;

/// <summary>A request to the admin interface. Immutable; thread: main.</summary>
public sealed class AdminRequest
{
    /// <summary>A body longer than this is refused with 413.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private AdminRequest(string method, string path, AdminQuery query, ReadOnlyMemory<byte> body)
    {
        Method = method;
        Path = path;
        Query = query;
        Body = body;
    }

    public string Method { get; }

    /// <summary>Without the query, e.g. <c>/stats</c>.</summary>
    public string Path { get; }

    public AdminQuery Query { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Takes a request target such as <c>/stats?format=json</c> apart; null when it has too many parameters.</summary>
    /// <param name="method">As sent.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">Without a query, a form in the body gives the parameters, as browsers send it with POST.</param>
    /// <param name="contentType">Of the body.</param>
    public static AdminRequest? TryCreate(string method, string target, ReadOnlyMemory<byte> body = default, string contentType = "")
    {
        int fragment = target.IndexOf('#', StringComparison.Ordinal);
        target = fragment < 0 ? target : target[..fragment];
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? target : target[..question];
        string query = question < 0 ? string.Empty : target[(question + 1)..];
        if (query.Length == 0 && contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            query = Encoding.UTF8.GetString(body.Span).Replace('+', ' ');
        }

        return AdminQuery.TryParse(query, out AdminQuery parsed) ? new AdminRequest(method, path, parsed, body) : null;
    }
}
