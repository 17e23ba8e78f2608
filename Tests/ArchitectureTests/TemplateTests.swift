import Foundation
import Model
import Planning
import Testing

@Suite("The template of a customer repo")
struct TemplateTests {
    private let template = DirectoryTree(root: Repository.root.appending(path: "customer-repo-template").path)

    @Test("it is valid for every host and every size, without a warning")
    func valid() throws {
        let resolver = PlanResolver(tree: template, policy: nil)
        #expect(try resolver.hosts() == ["example"])
        #expect(try resolver.validateAll().map(\.description) == [])
    }

    @Test("the policy of the example configuration accepts it")
    func acceptedByPolicy() throws {
        let policy = try JSONDecoder().decode(
            Configuration.self, from: Repository.data("deploy/config.example.json")
        ).policy
        let resolution = try PlanResolver(tree: template, policy: policy).resolve(host: "example")
        #expect(resolution.plan.containers.keys.sorted() == ["database", "web"])
    }

    @Test("the example of secrets names exactly those that the plan needs")
    func secrets() throws {
        let resolution = try PlanResolver(tree: template, policy: nil).resolve(host: "example")
        let example = try JSONDecoder().decode(
            [String: String].self, from: Repository.data("customer-repo-template/secrets.example.json"))
        #expect(resolution.secretReferences == example.keys.sorted())
    }

    @Test("the demo's host takes the images of the demo's registry, without a login")
    func demoHost() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "fairlead-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.copyItem(at: URL(filePath: template.root), to: directory)
        try Repository.data("Tests/Demo/demo-host.json").write(to: directory.appending(path: "hosts/demo.json"))
        let files = directory.appending(path: "files/proxy")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        try Repository.data("Tests/Demo/proxy.conf").write(to: files.appending(path: "web.conf"))

        let plan = try PlanResolver(tree: DirectoryTree(root: directory.path), policy: nil).resolve(host: "demo").plan
        let web = try #require(ImageReference("127.0.0.1:5000/acme/web:1.0.0"))
        #expect(plan.image(of: "web") == .reference(web))
        #expect(plan.registries.isEmpty)
        #expect(plan.containers["web"]?.ports.map(\.description) == ["127.0.0.1:8080:8080"])
        #expect(plan.containers["proxy"]?.dependsOn == ["web"])
    }

    private struct Configuration: Decodable { let policy: VSNPolicy }
}
