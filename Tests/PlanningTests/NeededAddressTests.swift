import Model
import Testing

@Suite("M3: addresses that a host needs")
struct NeededAddressTests {
    @Test(
        "the host of what a plan or a configuration names",
        arguments: [
            ("https://s3.example.com:9000/bucket?x=1", "s3.example.com"), ("minio:9000", "minio"),
            ("registry.example.com", "registry.example.com"), ("127.0.0.1:5000", "127.0.0.1"),
            ("[fd00::1]:5000", "fd00::1"), ("fd00::1", "fd00::1"), ("ssh://backup@10.1.2.3:22/images", "10.1.2.3"),
            ("//nas.example.com/backup", "nas.example.com"), ("nas.example.com:/export/backup", "nas.example.com"),
            ("https://u:p@a@files.example.com/x", "files.example.com"), ("file:///srv/image.tar", nil), ("", nil),
        ])
    func names(text: String, name: String?) { #expect(NeededHost(in: text, role: "it")?.name == name) }

    @Test(
        "an address lies in a subnet or beside it",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.89.7.0/24", "10.89.7.255", true),
            ("10.89.7.0/24", "10.89.8.1", false), ("0.0.0.0/0", "192.0.2.1", true), ("10.89.7.0/24", "fd00::1", false),
            ("fd00::/8", "fd12::1", true), ("fe80::/10", "fe80::1%eth0", true),
            ("10.89.7.0/24", "git.example.com", false),
        ])
    func contains(subnet: String, address: String, isIn: Bool) throws {
        let network = try #require(Subnet(subnet))
        #expect(network.contains(address: address) == isIn)
    }

    @Test("each owner whose address a subnet holds is named once")
    func taken() throws {
        let needed = [
            NeededAddress("10.1.0.1", owner: "the git server 'g'"),
            NeededAddress("10.1.0.2", owner: "the git server 'g'"),
            NeededAddress("192.0.2.1", owner: "the registry 'r'"),
            NeededAddress("10.1.9.9", owner: "the mail server 'm'"),
        ]
        let network = try #require(Subnet("10.1.0.0/16"))
        #expect(
            network.takes(of: needed) == [
                "10.1.0.1, the address of the git server 'g'", "10.1.9.9, the address of the mail server 'm'",
            ])
    }

    @Test("a plan's registries, archives, name servers, mail server, storages and shares are needed, once each")
    func plan() throws {
        var web = ContainerPlan(image: .reference(try #require(ImageReference("registry.example.com:5000/acme/web:1"))))
        var plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": web, "other": web])
        web.image = .archive(ImageArchive(url: "https://files.example.com/a.tar", sha256: ""))
        plan.containers["archive"] = web
        plan.hotfixes["web"] = ImageReference("hot.example.com/acme/web:2")
        plan.mail = MailPlan(from: "a@b", to: [], smtp: "smtps://[2001:db8::1]:465")
        plan.hostSettings = HostSettings(dns: DNSSettings(servers: ["192.0.2.53"]))
        let secret = SecretText(source: "${secret:endpoint}")
        plan.backup = BackupPlan(
            recipients: [],
            targets: [
                "a": BackupTarget(
                    store: .rclone(options: ["endpoint": SecretText(source: "https://s3.example.com")], path: "")),
                "b": BackupTarget(store: .rclone(options: ["host": secret], path: "")),
                "c": BackupTarget(
                    store: .directory("/mnt/fairlead/c", local: false),
                    mount: MountPlan(type: .nfs, source: "nas.example.com:/export")),
                "d": BackupTarget(store: .remote("offsite", path: "")),
            ])
        #expect(
            Set(plan.neededHosts.map(\.words)) == [
                "the registry 'registry.example.com'", "the server of an image archive 'files.example.com'",
                "the registry 'hot.example.com'", "the mail server '2001:db8::1'", "the name server '192.0.2.53'",
                "the storage of backups 's3.example.com'", "the storage of backups 'nas.example.com'",
            ])
        #expect(plan.neededHosts.count == 7)
    }
}
