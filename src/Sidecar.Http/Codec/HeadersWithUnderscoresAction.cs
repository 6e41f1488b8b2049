namespace Sidecar.Http.Codec;

/// <summary>
/// What to do about names with an underscore, which some applications take for a dash; Envoy's
/// <c>headers_with_underscores_action</c>.
/// </summary>
public enum HeadersWithUnderscoresAction : byte
{
    Allow = 0,
    RejectRequest,
    DropHeader,
}
