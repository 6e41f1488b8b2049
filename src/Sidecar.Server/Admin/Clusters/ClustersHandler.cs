using System.Collections.Generic;
using Sidecar.Core.Stats;

namespace Sidecar.Server.Admin.Clusters;

/// <summary><c>/clusters</c>: clusters and their hosts. Thread: main.</summary>
public sealed class ClustersHandler(ClusterSource clusters, StatStore stats) : AdminHandler("/clusters", "print clusters and their hosts")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } = [AdminParameter.Choice("format", "output format", "text", "json")];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        switch (request.Query.NonEmpty("format"))
        {
            case null or "text":
                response.Rest = ClustersTextBody.Create([.. clusters.Active], stats);
                break;
            case "json":
                response.ContentType = AdminResponse.Json;
                response.Rest = ClustersJsonBody.Create([.. clusters.Active], stats);
                break;
            default:
                response.Fail(400, "usage: /clusters?format=(json|text)\n");
                break;
        }
    }
}
