using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Sidecar.Server.Options;

namespace Sidecar.Server.Discovery;

/// <summary>
/// Who we tell control planes that we are: the bootstrap's node untouched, with what the command line sets and the user agent. The
/// agent calls itself Envoy, of the version whose API it speaks: control planes refuse other names, or choose what to send by version.
/// </summary>
internal static class NodeIdentity
{
    private const string UserAgent = "envoy";
    private const uint ApiMajor = 1;
    private const uint ApiMinor = 30;

    public static Node Create(Node? configured, ServerOptions options)
    {
        Node node = configured?.Clone() ?? new Node();
        node.Id = options.ServiceNode.Length > 0 ? options.ServiceNode : node.Id;
        node.Cluster = options.ServiceCluster.Length > 0 ? options.ServiceCluster : node.Cluster;
        if (options.ServiceZone.Length > 0)
        {
            node.Locality ??= new Locality();
            node.Locality.Zone = options.ServiceZone;
        }

        node.UserAgentName = UserAgent;
        node.UserAgentBuildVersion = new BuildVersion
        {
            Version = new SemanticVersion { MajorNumber = ApiMajor, MinorNumber = ApiMinor, Patch = 0 },
        };
        return node;
    }
}
