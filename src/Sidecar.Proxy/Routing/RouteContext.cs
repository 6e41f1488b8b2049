using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>What a look-up may consider besides the headers. Borrowed for the call.</summary>
public readonly struct RouteContext
{
    /// <param name="isSecure">The connection to the client is encrypted.</param>
    /// <param name="random">Decides about fractions and weights; the same number gives the same route.</param>
    /// <param name="info">Dynamic metadata; null when there is no stream.</param>
    /// <param name="peerCertificatePresented">The client has shown a certificate.</param>
    /// <param name="peerCertificateValidated">It was checked and found valid.</param>
    public RouteContext(
        bool isSecure,
        ulong random,
        StreamInfo? info = null,
        bool peerCertificatePresented = false,
        bool peerCertificateValidated = false)
    {
        IsSecure = isSecure;
        Random = random;
        Info = info;
        PeerCertificatePresented = peerCertificatePresented;
        PeerCertificateValidated = peerCertificateValidated;
    }

    public bool IsSecure { get; }

    public ulong Random { get; }

    public StreamInfo? Info { get; }

    public bool PeerCertificatePresented { get; }

    public bool PeerCertificateValidated { get; }
}
