using System.Text;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using ProxyCore.Settings;
using ProxyCore.Tests.Configuration;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Deploy;

/// <summary>The manifests in docs/deploy/kubernetes: Kubernetes knows every key, and they fit each other.</summary>
internal sealed class KubernetesTests
{
    // What a process needs to end when its drain is over.
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(5);

    private static string Folder => Path.Combine(Repository.Pages, "deploy", "kubernetes");

    private static IEnumerable<string> Files() => ((string[])[Folder, FolderOfSrv])
        .SelectMany(static folder => Directory.GetFiles(folder, "*.yaml")).Select(static path => Path.GetRelativePath(Folder, path));

    private static string FolderOfSrv => Path.Combine(Repository.Pages, "deploy", "kubernetes-srv");

    [TestCaseSource(nameof(Files))]
    public void Every_key_is_one_that_Kubernetes_knows(string file) =>
        Assert.That(() => KubernetesYaml.LoadAllFromString(Text(file), strict: true), Has.Count.EqualTo(1));

    [Test]
    public void An_unknown_key_is_found() => Assert.That(
        () => KubernetesYaml.LoadAllFromString(Text("deployment.yaml").Replace("periodSeconds", "periodSecond"), strict: true),
        Throws.Exception);

    [Test]
    public void The_configuration_is_good() => Assert.That(ReadConfiguration(out _).Lines, Is.Empty);

    [Test]
    public void The_pod_is_given_the_time_that_its_drain_takes()
    {
        V1PodSpec pod = Pod();
        ReadConfiguration(out TcpProxyOptions options);
        TimeSpan before = TimeSpan.FromSeconds(pod.Containers[0].Lifecycle.PreStop.Sleep.Seconds);

        Assert.That(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value), Is.GreaterThanOrEqualTo(before + options.DrainTimeout + _end));
    }

    [Test]
    public void Everything_leads_to_the_same_pods_and_ports()
    {
        V1Container container = Pod().Containers[0];
        string[] ports = [.. container.Ports.Select(static port => port.Name)];
        var service = Load<V1Service>("service.yaml");
        var labels = Load<V1Deployment>("deployment.yaml").Spec.Template.Metadata.Labels;
        ReadConfiguration(out TcpProxyOptions options);

        Assert.Multiple(() =>
        {
            Assert.That(service.Spec.Selector, Is.SubsetOf(labels));
            Assert.That(Load<V1PodDisruptionBudget>("poddisruptionbudget.yaml").Spec.Selector.MatchLabels, Is.SubsetOf(labels));
            Assert.That(Load<V1Deployment>("deployment.yaml").Spec.Selector.MatchLabels, Is.SubsetOf(labels));
            Assert.That(service.Spec.Ports.Select(static port => port.TargetPort.Value), Is.SubsetOf(ports));
            Assert.That(ports, Has.Member(container.ReadinessProbe.HttpGet.Port.Value).And.Member(container.LivenessProbe.HttpGet.Port.Value));
            Assert.That(options.Routes.SelectMany(static route => route.Listen).Select(static listen => listen.Address), Is.EqualTo([$"*:{container.Ports[0].ContainerPort}"]));
            Assert.That(container.Args, Has.Member($"--admin=*:{container.Ports[1].ContainerPort}"));
            Assert.That(container.VolumeMounts.Select(static mount => mount.Name), Is.EquivalentTo(Pod().Volumes.Select(static volume => volume.Name)));
        });
    }

    [Test]
    public void Name_of_the_upstream_is_that_of_the_headless_service_and_its_port()
    {
        var service = Load<V1Service>("../kubernetes-srv/backend-service.yaml");
        var backend = Load<V1Deployment>("../kubernetes-srv/backend-deployment.yaml").Spec.Template;
        var map = Load<V1ConfigMap>("../kubernetes-srv/configmap.yaml");
        string json = map.Data["proxycore.json"];

        Assert.Multiple(() =>
        {
            Assert.That(service.Spec.ClusterIP, Is.EqualTo("None"));
            Assert.That(service.Spec.PublishNotReadyAddresses, Is.False);
            Assert.That(service.Spec.Selector, Is.SubsetOf(backend.Metadata.Labels));
            Assert.That(backend.Spec.Containers[0].Ports.Select(static port => port.Name), Has.Member(service.Spec.Ports[0].TargetPort.Value));
            Assert.That(map.Metadata.Name, Is.EqualTo(Load<V1ConfigMap>("configmap.yaml").Metadata.Name));
            Assert.That(FileText.ErrorsIn(json), Is.Empty);
            Assert.That(
                FileText.OptionsOf(json).Routes[0].Upstreams[0].Address,
                Is.EqualTo($"srv:_{service.Spec.Ports[0].Name}._tcp.{service.Metadata.Name}.default.svc.cluster.local"));
            Assert.That(FileText.OptionsOf(json).Routes[0].Listen[0].Address, Is.EqualTo($"*:{Pod().Containers[0].Ports[0].ContainerPort}"));
        });
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static T Load<T>(string file) => KubernetesYaml.Deserialize<T>(Text(file), strict: true);

    private static V1PodSpec Pod() => Load<V1Deployment>("deployment.yaml").Spec.Template.Spec;

    private static ValidationErrors ReadConfiguration(out TcpProxyOptions options)
    {
        string json = Load<V1ConfigMap>("configmap.yaml").Data["proxycore.json"];
        IConfiguration file = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        options = new TcpProxyOptions();
        return file.GetSection("ProxyCore").ErrorsIn(options);
    }
}
