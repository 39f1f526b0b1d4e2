import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/**
 * Starts Solr on 127.0.0.1 for development and tests, from the jars that Maven fetched.
 *
 * <p>Usage: {@code java -cp '.run/solr/lib/*' solr/SolrLauncher.java SOLR_HOME PORT}. A real
 * installation uses an ordinary Solr with the same configuration set instead.
 */
public class SolrLauncher {
    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: SolrLauncher SOLR_HOME PORT");
            System.exit(2);
        }
        int port = Integer.parseInt(args[1]);
        refuseTakenPort(port);
        JettyConfig config =
                JettyConfig.builder().setPort(port).setContext("/solr").stopAtShutdown(true).build();
        JettySolrRunner solr = new JettySolrRunner(args[0], config);
        solr.start(false); // false: this port or none
        System.out.println("Solr answers on " + solr.getBaseUrl());
        Thread.currentThread().join();
    }

    private static void refuseTakenPort(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.getLocalPort();
        } catch (IOException taken) {
            System.err.println("port " + port + " is taken: " + taken.getMessage());
            System.exit(3);
        }
    }
}
