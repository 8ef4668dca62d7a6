import type { Begun } from '../en.ts'
import type { firstRun as english } from '../en/firstRun.ts'

export const firstRun: Begun<typeof english> = {
  help: 'Primeros pasos',
  tour: 'Hacer el recorrido',
  end: 'Terminar el recorrido',
  at: '{at} de {of}',
  next: 'Siguiente',
  back: 'Atrás',
  done: 'Listo',
  stops: {
    prompt: {
      title: 'Di lo que quieres ver',
      text: 'Bastan palabras sencillas. Debajo se ve cuántos tokens lee el modelo; {heavier} da más peso a una palabra.',
    },
    settings: {
      title: 'Dale forma',
      text: 'Los ajustes son los adecuados para el modelo desde el principio. Cada uno tiene una frase de ayuda, y un punto marca lo que cambiaste: un clic en él lo deshace.',
    },
    generate: {
      title: 'Genérala',
      text: 'Un clic hace la imagen; los demás clics esperan en la cola. El rayo dibuja mientras escribes.',
    },
    canvas: {
      title: 'Mira cómo se revela',
      text: 'La imagen se aclara paso a paso. Debajo está cómo seguir: generarla de nuevo, empezar desde ella, ampliarla.',
    },
    pages: {
      title: 'Todo lo demás',
      text: 'La biblioteca guarda cada imagen con sus ajustes, Modelos muestra con qué pintas y el Laboratorio cómo funciona. {palette} encuentra todo por su nombre, {shortcuts} muestra las teclas.',
    },
  },
  newsLine: 'Latent Studio ha aprendido cosas nuevas.',
  newsShow: 'Novedades',
  newsTitle: 'Novedades',
  news: {
    grids: {
      title: 'Cuadrículas',
      text: 'La misma imagen con hasta tres parámetros, lado a lado: la sección «Cuadrícula» en Crear.',
    },
    prompt: {
      title: 'Prompts que muestran lo que lee el modelo',
      text: 'Tokens, bloques y pesos en color, sugerencias al escribir y una biblioteca de tus prompts.',
    },
    mask: {
      title: 'Repintar una parte',
      text: 'Pincel, lazo y bordes suaves sobre una imagen inicial; arrastra sus bordes para ir más allá.',
    },
    library: {
      title: 'Una biblioteca que encuentra',
      text: 'Estrellas, etiquetas, álbumes y búsquedas como «steps>30»; compara imágenes y mira en qué difieren.',
    },
    pause: {
      title: 'Pausa a mitad de imagen',
      text: 'Y seguir más tarde, también tras reiniciar, hasta los mismos píxeles.',
    },
    languages: {
      title: 'Más idiomas',
      text: 'Siete más, que aún no ha revisado nadie que haya crecido con ellos: elige el tuyo en los ajustes.',
    },
  },
}
