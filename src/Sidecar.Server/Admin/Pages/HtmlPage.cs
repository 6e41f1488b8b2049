namespace Sidecar.Server.Admin.Pages;

/// <summary>What all pages share: one style, no scripts, nothing from elsewhere. Thread: main.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
        h1 { font-size: 1.4rem; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; }
        td { border-top: 1px solid var(--line); padding: .45rem .6rem; vertical-align: top; }
        td:first-child { white-space: nowrap; width: 14rem; }
        button { font: inherit; cursor: pointer; border: 1px solid var(--line); border-radius: .3rem; }
        button { background: none; color: inherit; padding: .1rem .6rem; }
        button.get { border-color: transparent; padding-left: 0; color: LinkText; text-decoration: underline; }
        label { display: block; margin-top: .3rem; opacity: .85; }
        input, select { font: inherit; margin-right: .5rem; }
        pre { overflow-x: auto; }
        """;

    /// <summary>Starts a page; the title is escaped.</summary>
    public static void Begin(AdminResponse response, string title)
    {
        response.ContentType = AdminResponse.Html;
        // Whatever text gets into a page, it can neither run nor load anything.
        response.AddHeader(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        string text = HtmlText.Escape(title);
        response.Write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + text + "</title>\n<style>\n");
        response.Write(Style);
        response.Write("\n</style></head><body>\n<h1>" + text + "</h1>\n");
    }

    public static void End(AdminResponse response) => response.Write("</body></html>\n");
}
