namespace Sidecar.Proxy.Routing;

/// <summary>What a <see cref="HashPolicyConfig"/> hashes.</summary>
public enum HashPolicyKind : byte
{
    None = 0,
    Header,
    Cookie,

    /// <summary>The client's address.</summary>
    SourceIp,
    QueryParameter,
    FilterState,
}

/// <summary>One line of Envoy's <c>HashPolicy</c>.</summary>
public sealed record HashPolicyConfig
{
    public required HashPolicyKind Kind { get; init; }

    /// <summary>Of the header, cookie, parameter or filter state.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The header's value before it is hashed.</summary>
    public RegexRewriteConfig? RegexRewrite { get; init; }

    /// <summary>Cookies: null makes none when it is missing; 0 is a session cookie.</summary>
    public long? CookieTtlMs { get; init; }

    public string CookiePath { get; init; } = string.Empty;

    /// <summary>Stops at this line when it gave a hash.</summary>
    public bool Terminal { get; init; }
}
