using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Core.Stats.Rendering;
using Sidecar.Server.Admin.Pages;

namespace Sidecar.Server.Admin.Stats;

/// <summary><c>/stats</c>. Thread: main.</summary>
public sealed class StatsHandler(StatCatalog catalog) : AdminHandler("/stats", "print server stats")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Switch("usedonly", "print only stats that were written since the start"),
        AdminParameter.Text("filter", "regular expression that is searched for in full names"),
        AdminParameter.Choice("format", "output format", "html", "text", "json", "prometheus"),
        AdminParameter.Choice("type", "print only these", "All", "Counters", "Gauges", "Histograms", "TextReadouts"),
        AdminParameter.Choice("histogram_buckets", "how histograms are shown", "summary", "cumulative", "disjoint", "detailed"),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        if (StatsParameters.TryParse(request.Query, out string error) is not { } parameters)
        {
            response.Fail(400, error);
            return;
        }

        switch (parameters.Format)
        {
            case StatsFormat.Json:
                response.ContentType = AdminResponse.Json;
                WriteJson(response, parameters);
                break;
            case StatsFormat.Prometheus:
                PrometheusHandler.Write(catalog, parameters, response);
                break;
            case StatsFormat.Html:
                WriteHtml(request, response, parameters);
                break;
            default:
                WriteText(response.Body, parameters);
                break;
        }
    }

    private void WriteText(System.Buffers.IBufferWriter<byte> output, StatsParameters parameters)
    {
        if (parameters.Histograms == HistogramMode.Quantiles)
        {
            StatsTextRenderer.Render(catalog, parameters.Query, output);
        }
        else
        {
            StatsTextBody.Write(output, catalog, parameters.Query, parameters.Histograms);
        }
    }

    private void WriteJson(AdminResponse response, StatsParameters parameters)
    {
        if (parameters.Histograms == HistogramMode.Quantiles)
        {
            StatsJsonRenderer.Render(catalog, parameters.Query, response.Body);
        }
        else
        {
            StatsJsonBody.Write(response.Body, catalog, parameters.Query, parameters.Histograms);
        }
    }

    /// <summary>The form with what was asked for, and the text.</summary>
    private void WriteHtml(AdminRequest request, AdminResponse response, StatsParameters parameters)
    {
        HtmlPage.Begin(response, "Sidecar stats");
        response.Write("<p><a href=\"/\">all commands</a></p><table>");
        HtmlForm.Write(response, this, request.Query);
        response.Write("</table><pre>");
        WriteText(new HtmlEscapingWriter(response.Body), parameters);
        response.Write("</pre>");
        HtmlPage.End(response);
    }
}

/// <summary><c>/stats/prometheus</c>. Thread: main.</summary>
public sealed class PrometheusHandler(StatCatalog catalog) : AdminHandler("/stats/prometheus", "print server stats in prometheus format")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Switch("usedonly", "print only stats that were written since the start"),
        AdminParameter.Switch("text_readouts", "print text readouts as gauges (there are none)"),
        AdminParameter.Text("filter", "regular expression that is searched for in full names"),
        AdminParameter.Choice("histogram_buckets", "how histograms are shown", "cumulative"),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        if (StatsParameters.TryParse(request.Query, out string error) is { } parameters)
        {
            Write(catalog, parameters, response);
        }
        else
        {
            response.Fail(400, error);
        }
    }

    /// <summary>Prometheus knows cumulative buckets only.</summary>
    internal static void Write(StatCatalog catalog, StatsParameters parameters, AdminResponse response)
    {
        if (parameters.Histograms is HistogramMode.Disjoint or HistogramMode.Detailed)
        {
            response.Fail(400, "unsupported prometheus histogram bucket mode: only cumulative buckets can be shown\n");
            return;
        }

        response.ContentType = StatsPrometheusRenderer.ContentType;
        StatsPrometheusRenderer.Render(catalog, parameters.Query, response.Body);
    }
}

/// <summary><c>/reset_counters</c>. Thread: main.</summary>
public sealed class ResetCountersHandler(StatCatalog catalog) : AdminHandler("/reset_counters", "reset all counters to zero")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        catalog.ResetCounters();
        response.Write("OK\n");
    }
}
