using Envoy.Service.Discovery.V3;
using static Sidecar.ControlPlane.Tests.Sessions.SessionHarness;

namespace Sidecar.ControlPlane.Tests.Sessions;

public sealed class DeltaSessionTests
{
    private const string TwoClusters = "clusters: [{name: a}, {name: b}]";
    private const string TwoEndpoints = "endpoints: [{cluster_name: a}, {cluster_name: b}]";

    [Theory]
    [InlineData]
    [InlineData("*")]
    public void FirstRequest_Wildcard_GetsAllWithVersions(params string[] names)
    {
        SessionHarness client = new(isDelta: true, TwoClusters);

        client.AskDelta(Clusters, names);

        DeltaDiscoveryResponse response = client.NextDelta();
        Assert.Equal(["a", "b"], Names(response));
        Assert.All(response.Resources, static resource => Assert.NotEmpty(resource.Version));
        Assert.All(response.Resources, static resource => Assert.Equal(Clusters, resource.Resource_.TypeUrl));
        Assert.Equal("1", response.Nonce);
    }

    [Fact]
    public void FirstRequest_WildcardAndNothingThere_GetsAnEmptyResponse()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);

        client.AskDelta(Clusters);

        Assert.Empty(client.NextDelta().Resources);
    }

    [Fact]
    public void FirstRequest_TypeWithoutWildcardByDefault_GetsNothing()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);

        client.AskDelta(Endpoints);

        client.AssertSilent();
    }

    [Fact]
    public void FirstRequest_BeforeAnySnapshot_WaitsForIt()
    {
        SessionHarness client = new(isDelta: true, files: null);
        client.AskDelta(Endpoints, ["x"]);
        client.AssertSilent();

        client.Publish("endpoints: [{cluster_name: x}]");

        Assert.Equal(["x"], Names(client.NextDelta()));
    }

    [Fact]
    public void Change_OneOfTwo_SendsOnlyThatOne()
    {
        SessionHarness client = new(isDelta: true, TwoClusters);
        client.AskDelta(Clusters);
        client.Answer(client.NextDelta());

        client.Publish("clusters: [{name: a}, {name: b, connect_timeout: 9s}]");

        Assert.Equal(["b"], Names(client.NextDelta()));
        client.AssertSilent();
    }

    [Fact]
    public void Subscribe_NameThatDoesNotExist_IsToldAsRemovedOnce()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);

        client.AskDelta(Endpoints, ["a", "x"]);

        DeltaDiscoveryResponse response = client.NextDelta();
        Assert.Equal(["a"], Names(response));
        Assert.Equal(["x"], response.RemovedResources);
        client.Answer(response);
        client.AssertSilent();
    }

    [Fact]
    public void Subscribe_NameThatComesLater_IsSentThen()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);
        client.AskDelta(Endpoints, ["x"]);
        client.Answer(client.NextDelta());

        client.Publish("endpoints: [{cluster_name: x}]");

        Assert.Equal(["x"], Names(client.NextDelta()));
    }

    [Fact]
    public void Subscribe_MoreNames_SendsOnlyThose()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);
        client.AskDelta(Endpoints, ["a"]);
        client.Answer(client.NextDelta());

        client.AskDelta(Endpoints, ["b"]);

        Assert.Equal(["b"], Names(client.NextDelta()));
    }

    [Fact]
    public void Subscribe_AgainToTheSame_SendsItAgain()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);
        client.AskDelta(Endpoints, ["a"]);
        client.NextDelta();

        client.AskDelta(Endpoints, ["a"]);

        Assert.Equal(["a"], Names(client.NextDelta()));
    }

    [Fact]
    public void Unsubscribe_ThenChange_SendsNothing()
    {
        SessionHarness client = new(isDelta: true, TwoEndpoints);
        client.AskDelta(Endpoints, ["a", "b"]);
        client.Answer(client.NextDelta());
        client.AskDelta(Endpoints, unsubscribe: ["a"]);

        client.Publish("endpoints: [{cluster_name: a, policy: {overprovisioning_factor: 150}}, {cluster_name: b}]");

        client.AssertSilent();
    }

    [Fact]
    public void Unsubscribe_Wildcard_KeepsTheNamed()
    {
        SessionHarness client = new(isDelta: true, TwoClusters);
        client.AskDelta(Clusters, ["*", "a"]);
        client.Answer(client.NextDelta());
        client.AskDelta(Clusters, unsubscribe: ["*"]);

        client.Publish("clusters: [{name: a, connect_timeout: 9s}, {name: b, connect_timeout: 9s}]");

        Assert.Equal(["a"], Names(client.NextDelta()));
    }

    [Fact]
    public void Reconnect_WithInitialVersions_GetsTheDifference()
    {
        SessionHarness before = new(isDelta: true, TwoClusters);
        before.AskDelta(Clusters);
        DeltaDiscoveryResponse all = before.NextDelta();

        SessionHarness client = new(isDelta: true, "clusters: [{name: a}, {name: c}]");
        client.AskDelta(Clusters, had: [("a", all.Resources[0].Version), ("b", all.Resources[1].Version)]);

        DeltaDiscoveryResponse response = client.NextDelta();
        Assert.Equal(["c"], Names(response));
        Assert.Equal(["b"], response.RemovedResources);
    }

    [Fact]
    public void Reconnect_WithEverythingCurrent_GetsNothing()
    {
        SessionHarness before = new(isDelta: true, "clusters: [{name: a}]");
        before.AskDelta(Clusters);
        string version = before.NextDelta().Resources[0].Version;

        SessionHarness client = new(isDelta: true, "clusters: [{name: a}]");
        client.AskDelta(Clusters, had: [("a", version)]);

        client.AssertSilent();
    }

    [Fact]
    public void Nack_IsPrintedAndTheSameIsNotSentAgain()
    {
        SessionHarness client = new(isDelta: true, TwoClusters);
        client.AskDelta(Clusters);

        client.Answer(client.NextDelta(), error: "no");

        client.AssertSilent();
        Assert.Contains("NACK node=\"n1\" type=clusters", client.Lines[^1]);
        Assert.EndsWith("error=\"no\"", client.Lines[^1]);
        client.Publish("clusters: [{name: a}, {name: b, connect_timeout: 9s}]");
        Assert.Equal(["b"], Names(client.NextDelta()));
    }

    [Fact]
    public void Change_ThatRemoves_TellsRemovalsAfterTheRestIsTakenAndInReverseOrder()
    {
        SessionHarness client = new(isDelta: true, "clusters: [{name: a}]\nlisteners: [{name: l}]\nroutes: [{name: r}]");
        client.AskDelta(Clusters);
        client.AskDelta(Listeners);
        client.AskDelta(Routes, ["r"]);
        client.Answer(client.NextDelta());
        client.Answer(client.NextDelta());
        client.Answer(client.NextDelta());

        client.Publish("clusters: [{name: b}]\nroutes: [{name: r, validate_clusters: false}]");
        DeltaDiscoveryResponse clusters = client.NextDelta();
        DeltaDiscoveryResponse routes = client.NextDelta();
        Assert.Empty(clusters.RemovedResources);
        client.Answer(clusters);
        client.AssertSilent();
        client.Answer(routes);

        Assert.Equal(["l"], client.NextDelta().RemovedResources);
        Assert.Equal(["a"], client.NextDelta().RemovedResources);
        client.AssertSilent();
    }

    [Fact]
    public void Change_OnlyRemovals_AreToldAtOnce()
    {
        SessionHarness client = new(isDelta: true, TwoClusters);
        client.AskDelta(Clusters);
        client.Answer(client.NextDelta());

        client.Publish("clusters: [{name: a}]");

        Assert.Equal(["b"], client.NextDelta().RemovedResources);
    }
}
