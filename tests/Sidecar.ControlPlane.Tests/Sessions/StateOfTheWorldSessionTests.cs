using Envoy.Service.Discovery.V3;
using Sidecar.ControlPlane.Grpc;
using static Sidecar.ControlPlane.Tests.Sessions.SessionHarness;

namespace Sidecar.ControlPlane.Tests.Sessions;

public sealed class StateOfTheWorldSessionTests
{
    private const string TwoClusters = "clusters: [{name: a}, {name: b}]";
    private const string TwoEndpoints = "endpoints: [{cluster_name: a}, {cluster_name: b}]";

    [Fact]
    public void FirstRequest_ClustersWithoutNames_GetsAll()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);

        client.Ask(Clusters, []);

        DiscoveryResponse response = client.Next();
        Assert.Equal(["a", "b"], ClusterNames(response));
        Assert.Equal(Clusters, response.TypeUrl);
        Assert.Equal("1", response.Nonce);
        Assert.NotEmpty(response.VersionInfo);
        Assert.Equal("sidecar-control-plane", response.ControlPlane.Identifier);
    }

    [Fact]
    public void FirstRequest_NoClusters_GetsAnEmptyResponse()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);

        client.Ask(Clusters, []);

        Assert.Empty(client.Next().Resources);
    }

    [Fact]
    public void FirstRequest_BeforeAnySnapshot_WaitsForIt()
    {
        SessionHarness client = new(isDelta: false, files: null);
        client.Ask(Clusters, []);
        client.AssertSilent();

        client.Publish(TwoClusters);

        Assert.Equal(["a", "b"], ClusterNames(client.Next()));
    }

    [Fact]
    public void Request_NamesThatDoNotExist_IsNotAnswered()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);

        client.Ask(Endpoints, ["x"]);

        client.AssertSilent();
    }

    [Fact]
    public void Request_MoreNames_GetsAllSubscribedOnes()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);
        client.Ask(Endpoints, ["a"]);
        DiscoveryResponse first = client.Next();

        client.Answer(first, ["a", "b"]);

        Assert.Equal(2, client.Next().Resources.Count);
    }

    [Fact]
    public void Request_FewerNames_GetsNothing()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);
        client.Ask(Endpoints, ["a", "b"]);

        client.Answer(client.Next(), ["a"]);

        client.AssertSilent();
    }

    [Fact]
    public void Request_NameDroppedAndAskedForAgain_IsSentAgain()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);
        client.Ask(Endpoints, ["a", "b"]);
        DiscoveryResponse first = client.Next();
        client.Answer(first, ["a"]);

        client.Answer(first, ["a", "b"]);

        Assert.Equal(2, client.Next().Resources.Count);
    }

    [Fact]
    public void Request_ClustersWithoutNamesAfterNames_MeansNone()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);
        client.Ask(Clusters, ["a"]);
        client.Answer(client.Next(), []);

        client.Publish("clusters: [{name: a, connect_timeout: 9s}]");

        client.AssertSilent();
    }

    [Fact]
    public void Ack_IsPrintedAndGetsNothing()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);
        client.Ask(Clusters, []);
        DiscoveryResponse response = client.Next();

        client.Answer(response, []);

        client.AssertSilent();
        Assert.Equal($"stream=1 ACK node=\"n1\" type=clusters version={response.VersionInfo} nonce=\"1\"", client.Lines[^1]);
    }

    [Fact]
    public void Nack_IsPrintedAndTheSameIsNotSentAgain()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);
        client.Ask(Clusters, []);
        DiscoveryResponse response = client.Next();

        client.Answer(response, [], error: "cluster \"b\"\nis wrong");

        client.AssertSilent();
        Assert.Equal(
            $"stream=1 NACK node=\"n1\" type=clusters version={response.VersionInfo} nonce=\"1\" error=\"cluster \\\"b\\\"\\nis wrong\"",
            client.Lines[^1]);
    }

    [Fact]
    public void Nack_OnceTheContentChanges_TheNewIsSent()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);
        client.Ask(Clusters, []);
        client.Answer(client.Next(), [], error: "no");

        client.Publish("clusters: [{name: a}, {name: b, connect_timeout: 9s}]");

        Assert.Equal(["a", "b"], ClusterNames(client.Next()));
    }

    [Fact]
    public void Request_StaleNonce_IsIgnored()
    {
        SessionHarness client = new(isDelta: false, TwoEndpoints);
        client.Ask(Endpoints, ["a"]);
        client.Answer(client.Next(), ["a"]);
        client.Publish("endpoints: [{cluster_name: a, policy: {overprovisioning_factor: 150}}, {cluster_name: b}]");
        client.Next();

        client.Ask(Endpoints, ["a", "b"], nonce: "1");

        client.AssertSilent();
    }

    [Fact]
    public void Reconnect_WithTheCurrentVersion_GetsNothingUntilAChange()
    {
        SessionHarness before = new(isDelta: false, TwoClusters);
        before.Ask(Clusters, []);
        string version = before.Next().VersionInfo;

        SessionHarness client = new(isDelta: false, TwoClusters);
        client.Ask(Clusters, [], version: version);
        client.AssertSilent();
        client.Publish("clusters: [{name: a}]");

        Assert.Equal(["a"], ClusterNames(client.Next()));
    }

    [Fact]
    public void Change_OfAllTypes_IsSentInOrder()
    {
        SessionHarness client = new(isDelta: false, "{}");
        client.Ask(Listeners, []);
        client.Ask(Routes, ["r"]);
        client.Ask(Endpoints, ["a"]);
        client.Ask(Clusters, []);
        client.Answer(client.Next(), []);
        client.Answer(client.Next(), []);

        client.Publish("routes: [{name: r}]\nendpoints: [{cluster_name: a}]\nclusters: [{name: a}]\nlisteners: [{name: l}]");

        Assert.Equal(Clusters, client.Next().TypeUrl);
        Assert.Equal(Endpoints, client.Next().TypeUrl);
        Assert.Equal(Listeners, client.Next().TypeUrl);
        Assert.Equal(Routes, client.Next().TypeUrl);
    }

    [Fact]
    public void Change_ThatRemovesACluster_KeepsItUntilTheRoutesAreTaken()
    {
        SessionHarness client = new(isDelta: false, "clusters: [{name: a}]\nroutes: [{name: r}]");
        client.Ask(Clusters, []);
        client.Answer(client.Next(), []);
        client.Ask(Routes, ["r"]);
        client.Answer(client.Next(), ["r"]);

        client.Publish("clusters: [{name: b}]\nroutes: [{name: r, validate_clusters: false}]");
        DiscoveryResponse both = client.Next();
        Assert.Equal(["a", "b"], ClusterNames(both));
        DiscoveryResponse routes = client.Next();
        client.Answer(both, []);
        client.AssertSilent();
        client.Answer(routes, ["r"]);

        Assert.Equal(["b"], ClusterNames(client.Next()));
    }

    [Theory]
    [InlineData("", GrpcStatusCode.InvalidArgument)]
    [InlineData("type.googleapis.com/some.Type", GrpcStatusCode.Ok)]
    public void Request_TypeNotServed_EndsTheStreamOnlyIfThereIsNone(string type, GrpcStatusCode expected)
    {
        SessionHarness client = new(isDelta: false, TwoClusters);

        Assert.Equal(expected, client.Ask(type, []).Code);
        client.AssertSilent();
    }

    [Fact]
    public void SingleTypeStream_RequestWithoutType_IsForThatType()
    {
        SessionHarness client = new(isDelta: false, TwoClusters, onlyKey: "clusters");

        Assert.True(client.Ask("", []).IsOk);
        Assert.Equal(2, client.Next().Resources.Count);
        Assert.Equal(GrpcStatusCode.InvalidArgument, client.Ask(Listeners, []).Code);
    }

    [Fact]
    public void Node_OutsideTheFilter_IsRefused()
    {
        SessionHarness client = new(isDelta: false, TwoClusters, nodes: "team-*");

        Assert.Equal(GrpcStatusCode.PermissionDenied, client.Ask(Clusters, [], node: "other-1").Code);
        client.AssertSilent();
    }

    [Fact]
    public void Message_NotARequest_EndsTheStream()
    {
        SessionHarness client = new(isDelta: false, TwoClusters);

        Assert.Equal(GrpcStatusCode.InvalidArgument, client.Session.OnMessage([0xFF, 0xFF, 0xFF]).Code);
    }
}
