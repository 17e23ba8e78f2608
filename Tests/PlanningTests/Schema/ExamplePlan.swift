import Model
import Planning
import Testing

/// The plan of the design, as a user writes it.
enum ExamplePlan {
    static let text = """
        { "$schema": "./plan.schema.json", "schemaVersion": 1,
          "stack": "acme", "version": "3.43.2", "size": "medium",
          "variables": {"domain": "acme.example.com"},
          "registries": {"registry.example.com": {"username": "acme", "password": "${secret:registry}"}},
          "network": {"subnet": "10.89.7.0/24"},
          "containers": {
            "database": {
              "image": "registry.example.com/acme/database:${version}",
              "environment": {"POSTGRES_PASSWORD": "${secret:database}"},
              "volumes": [{"data": "database", "target": "/var/lib/postgresql/data", "owner": "999:999", "mode": "0700"}],
              "health": {"command": ["pg_isready"], "interval": "5s", "timeout": "3s", "retries": 12, "startPeriod": "30s"},
              "resources": {"memory": "512MiB", "cpus": 1}, "stopTimeout": "30s" },
            "web": {
              "image": "registry.example.com/acme/web:${version}",
              "dependsOn": ["database"], "ports": ["443:8443"],
              "files": [{"source": "files/web/site.conf", "target": "/etc/web/site.conf"}],
              "health": {"http": {"port": 8443, "path": "/healthz", "tls": true}} } },
          "sizes": {"small": {"containers": {"database": {"resources": {"memory": "256MiB"}}}}},
          "hotfixes": {"web": "registry.example.com/acme/web:3.43.2-hf1"},
          "maintenance": {"cleanup": {"schedule": "30 3 * * *", "keep": "14d"},
                          "healthcheck": {"schedule": "*/5 * * * *", "restartAfter": 2}},
          "mail": {"from": "vsn@acme.example.com", "to": ["ops@acme.example.com"],
                   "smtp": "smtps://mail.example.com:465", "username": "vsn", "password": "${secret:mail}"},
          "onFailure": "containerless" }
        """

    static var bytes: [UInt8] { Array(text.utf8) }

    /// What the plan's schema says of a text.
    static func problems(of text: String) throws -> [PlanProblem] {
        JSONSchema.plan.problems(of: try JSONDocument(file: "plan.json", bytes: Array(text.utf8)))
    }
}
